import { mount } from "svelte";
import App from "./App.svelte";
import { router } from "./router/router.svelte.ts";
import { session } from "./state/session.svelte.ts";
import { theme } from "./state/theme.svelte.ts";
import "./styles/tokens.css";
import "./styles/base.css";

theme.start();
router.start();
void session.start();

const target = document.getElementById("app");
if (target === null) throw new Error("index.html has no element #app");
mount(App, { target });
