// Starts the workbench: what only some visits need. The page appends this script with a query of its own for every try,
// which goes on to what is loaded here: a browser would not ask again for a module that it once failed to load.
const query = new URL(import.meta.url).search;
try {
  const sheets = ['dialog', 'recorder', 'mask', 'preview'].map((name) => new Promise((resolve, reject) => {
    const link = document.createElement('link');
    Object.assign(link, { rel: 'stylesheet', href: `/workbench/${name}.css${query}`, onload: resolve, onerror: reject });
    document.head.append(link);
  }));
  // Its start puts it on the window, so that comes last: without a sheet it is not there.
  const [{ default: init }] = await Promise.all([import(`/workbench.js${query}`), ...sheets]);
  await init({ module_or_path: `/workbench_bg.wasm${query}` });
} catch (error) {
  console.warn('The workbench could not be started.', error);
}
// The page looks whether there is one now, and whether the two can talk.
dispatchEvent(new Event('redub-workbench'));
