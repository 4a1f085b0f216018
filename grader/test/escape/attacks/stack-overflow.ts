// verdict: runtime-error
const deep = (): number => deep() + 1;
deep();
