/**
 * Preloaded into npm while it installs. npm leaves out optional packages (Rolldown's and esbuild's binaries among them) whose `engines` the Node
 * that npm happens to run on does not meet. Here everything runs under the pinned Node, so that is the version to check against; no install
 * script runs that could be misled.
 */
const { optionalDependencies } = require("../../package.json");

const [version] = Object.values(optionalDependencies);
Object.defineProperty(process, "version", { value: `v${version}` });
