/** How the pages speak to the shop's API: fetch, with what every call needs. */

import { language } from "@/i18n/language";

/** A problem as the server tells it (RFC 9457), or as the network does. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  errors: { field: string; detail: string }[];
  have: string | null;
  need: string | null;
}

/** What every failed call throws. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
    this.name = "ProblemError";
  }
}

/** The part of the address that names the shop: /m/<slug>/. */
export const SLUG = decodeURIComponent(/^\/m\/([^/]+)/.exec(location.pathname)?.[1] ?? "demo");
export const BASE = `/m/${encodeURIComponent(SLUG)}/`;
const API = `/api/v1/shops/${encodeURIComponent(SLUG)}`;

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface Options {
  query?: Query;
  body?: unknown;
  /** The idempotency key of a write that moves money: one for each thing that the member means. */
  key?: string;
  signal?: AbortSignal | undefined;
}

/** A key for one thing that a member means to do; kept while it is tried again. */
export function newKey(): string {
  if ("randomUUID" in crypto) {
    return crypto.randomUUID();
  }
  // Over plain HTTP to another machine, as when a phone looks at a demo, there is only this.
  const bytes = (crypto as Crypto).getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

function address(path: string, query: Query = {}): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== "") {
      asked.set(name, String(value));
    }
  }
  const text = asked.toString();
  return `${API}${path}${text === "" ? "" : `?${text}`}`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function readErrors(given: unknown): Problem["errors"] {
  if (!Array.isArray(given)) {
    return [];
  }
  return given.map((each: unknown) => {
    const error = (typeof each === "object" && each !== null ? each : {}) as Record<string, unknown>;
    return { field: text(error.field ?? error.where), detail: text(error.detail ?? error.what) };
  });
}

async function problemOf(answer: Response): Promise<Problem> {
  let said: Record<string, unknown> = {};
  try {
    said = (await answer.json()) as Record<string, unknown>;
  } catch {
    // A proxy's page is no problem document: its status says enough.
  }
  const code = text(said.code) || `http_${String(answer.status)}`;
  return {
    status: answer.status,
    code,
    title: text(said.title),
    detail: text(said.detail),
    errors: readErrors(said.errors),
    have: text(said.have) || null,
    need: text(said.need) || null,
  };
}

function unreachable(): ProblemError {
  return new ProblemError({
    status: 0,
    code: "unreachable",
    title: "",
    detail: "",
    errors: [],
    have: null,
    need: null,
  });
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: "application/json",
    "Accept-Language": language.value,
  };
  if (method !== "GET") {
    headers["X-CSRFToken"] = csrfToken();
  }
  if (options.key !== undefined) {
    headers["Idempotency-Key"] = options.key;
  }
  let body: BodyInit | null = null;
  if (options.body instanceof FormData) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  try {
    return await fetch(address(path, options.query), {
      method,
      headers,
      body,
      credentials: "same-origin",
      signal: options.signal ?? null,
    });
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") {
      throw fault;
    }
    throw unreachable();
  }
}

/**
 * Call the shop's API.
 *
 * @param method - GET, POST, PUT, PATCH or DELETE.
 * @param path - Below the shop's own address, as "/home".
 * @param options - The query, the body, the idempotency key.
 * @returns What the server answered; undefined where it answered nothing.
 * @throws ProblemError - Whatever is no success, the network included.
 */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  if (method !== "GET" && csrfToken() === "") {
    await send("GET", "/session", {});
  }
  let answer = await send(method, path, options);
  if (answer.status === 403 && method !== "GET") {
    const problem = await problemOf(answer.clone());
    // The token may be from before a log-in in another tab: fetch one and try once more.
    if (problem.code.includes("csrf") || problem.code === "http_403") {
      await send("GET", "/session", {});
      answer = await send(method, path, options);
    }
  }
  if (!answer.ok) {
    throw new ProblemError(await problemOf(answer));
  }
  if (answer.status === 204) {
    return undefined as T;
  }
  return (await answer.json()) as T;
}

/**
 * Fetch a file, in the language of the page.
 *
 * @throws ProblemError - Whatever is no success, the network included.
 */
export async function file(path: string): Promise<Blob> {
  const answer = await send("GET", path, {});
  if (!answer.ok) {
    throw new ProblemError(await problemOf(answer));
  }
  return answer.blob();
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  call<T>("GET", path, query === undefined ? { signal } : { query, signal });
export const post = <T>(path: string, body?: unknown, key?: string) => call<T>("POST", path, written(body, key));
export const put = <T>(path: string, body?: unknown, key?: string) => call<T>("PUT", path, written(body, key));
export const patch = <T>(path: string, body?: unknown, key?: string) => call<T>("PATCH", path, written(body, key));
export const del = <T>(path: string) => call<T>("DELETE", path);

function written(body: unknown, key: string | undefined): Options {
  const options: Options = {};
  if (body !== undefined) {
    options.body = body;
  }
  if (key !== undefined) {
    options.key = key;
  }
  return options;
}

/** The problem of whatever was thrown; what is no problem of a call is a bug and goes on up. */
export function asProblem(fault: unknown): Problem {
  if (fault instanceof ProblemError) {
    return fault.problem;
  }
  throw fault;
}
