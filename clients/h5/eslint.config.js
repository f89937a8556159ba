import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import vue from "eslint-plugin-vue";
import globals from "globals";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  vue.configs["flat/recommended"],
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: {
        parser: tseslint.parser,
        extraFileExtensions: [".vue"],
        projectService: { allowDefaultProject: ["eslint.config.js"] },
      },
    },
  },
  {
    files: ["**/*.vue"],
    rules: {
      // Layout is the author's, as in the other clients; the compiler reads any.
      "vue/html-indent": "off",
      "vue/html-self-closing": ["error", { html: { void: "always", normal: "always", component: "always" } }],
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/first-attribute-linebreak": "off",
      // A component is named by what it shows: Money, Points.
      "vue/multi-word-component-names": "off",
      // A style in the markup would be refused by the pages' policy.
      "vue/no-static-inline-styles": "error",
      "vue/no-v-html": "error",
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "vue/component-api-style": ["error", ["script-setup"]],
      // `undefined` is what "not given" means, and the types say where it may be.
      "vue/require-default-prop": "off",
    },
  },
);
