/// <reference types="vite/client" />

// vue-tsc reads the components themselves; eslint's TypeScript only needs to know what they are.
declare module "*.vue" {
  import type { DefineComponent } from "vue";

  const component: DefineComponent;
  export default component;
}
