export { type BrowserPorts, browserPorts } from './browser/ports';
