'use strict';
/** Several runs side by side, of which a growing run makes new ones; one run's settings, and what made it. */
sab.tables = (container, data, selected) => {
  const pairs = (caption, map) => sab.el('table', {}, sab.el('caption', {}, caption),
    sab.el('tbody', {}, ...Object.entries(map).map(([key, value]) =>
      sab.el('tr', {}, sab.el('th', { scope: 'row' }, key), sab.el('td', { class: 'value' }, String(value))))));

  const run = data.runs[selected];
  const compared = sab.el('div', {});
  container.replaceChildren(compared,
    sab.el('h2', {}, data.runs.length > 1 ? 'Configuration of ' + run.name : 'Configuration'),
    sab.el('div', { class: 'card' }, sab.el('div', { class: 'columns' }, ...sab.settings(run, pairs))),
    sab.el('h2', {}, 'What made it'),
    sab.el('div', { class: 'card' }, pairs('', { folder: run.path, ...run.madeBy }),
      sab.el('p', { class: 'muted' }, 'The same again: ', sab.el('code', {}, 'sab train --config ' + sab.word(run.path + '/config.yaml')))));
  sab.comparison(compared, data);
};

/** Runs side by side, where there are several. */
sab.comparison = (container, data) => {
  if (data.runs.length < 2) return;
  const mean = list => list.reduce((a, b) => a + b, 0) / list.length;
  const deviation = list => Math.sqrt(list.reduce((a, b) => a + (b - mean(list)) ** 2, 0) / (list.length - 1));
  /** Two runs of one seed are no two trials: they say nothing of the spread. */
  const seeds = runs => new Set(runs.map(run => run.settings.seed)).size;
  const spread = (list, format, trials) => !list.length ? '–'
    : format(mean(list)) + (list.length > 1 && trials ? ' ± ' + format(deviation(list)) : '');

  const table = (caption, head, rows) => sab.el('div', { class: 'scroll' }, sab.el('table', {},
    caption ? sab.el('caption', {}, caption) : null,
    sab.el('thead', {}, sab.el('tr', {}, ...head.map(([text, number]) => sab.el('th', { scope: 'col', class: number ? 'number' : null }, text)))),
    sab.el('tbody', {}, ...rows.map(row => sab.el('tr', {}, ...row.map((cell, i) => sab.el('td', { class: head[i][1] ? 'number' : 'value' }, cell)))))));

  const numbers = (runs, of) => runs.map(of).filter(v => v !== null && v !== undefined && Number.isFinite(v));
  const measures = [...new Set(data.runs.map(run => run.measure))]; // each task has its own
  const cells = runs => {
    const trials = seeds(runs) === runs.length;
    return [
      ...measures.map(measure => spread(
        numbers(runs.filter(run => run.measure === measure), run => run.history.best[measure]), v => sab.measure(measure, v), trials)),
      spread(numbers(runs, run => run.history.bestUpdate || null), sab.count, trials),
      spread(numbers(runs, run => run.history.update), sab.count, trials),
      spread(numbers(runs, run => run.history.seconds), sab.duration, trials),
      spread(numbers(runs, run => run.history.skips), sab.count, trials),
    ];
  };
  const heads = [...measures.map(measure => [sab.nameOf(measure) + ', best', true]), ['at update', true], ['Updates', true], ['Time', true], ['Skipped', true]];

  const parts = [sab.el('h2', {}, 'Comparison')];
  if (data.groups.length > 1 || data.groups[0].members.length > 1) {
    parts.push(sab.el('div', { class: 'card' }, table(
      'By configuration: mean over the runs, which differ in their seed alone, ± standard deviation where each has its own',
      [['Configuration'], ['Runs', true], ['Seeds', true], ...heads],
      data.groups.map(group => {
        const runs = group.members.map(i => data.runs[i]).filter(run => run.history.update > 0); // without those laid out alone
        return [group.label || 'all the same', String(runs.length), String(seeds(runs)), ...cells(runs)];
      }))));
  }
  parts.push(sab.el('div', { class: 'card', style: 'margin-top:14px' }, table('Run by run',
    [['Run'], ['Seed', true], ...heads, ['State']],
    data.runs.map(run => [run.name, run.settings.seed || '–', ...cells([run]), sab.state(run)[0]]))));
  const scrolled = () => [...container.querySelectorAll('.scroll')];
  const lefts = scrolled().map(box => box.scrollLeft);
  container.replaceChildren(...parts);
  scrolled().forEach((box, i) => { box.scrollLeft = lefts[i] ?? 0; });
};

/** Settings in the order of their file, in three tables of much the same length. */
sab.settings = (run, pairs) => {
  const entries = Object.entries(run.settings);
  const tables = [];
  const rows = Math.ceil(entries.length / 3);
  for (let i = 0; i < entries.length; i += rows) tables.push(pairs('', Object.fromEntries(entries.slice(i, i + rows))));
  return tables;
};

/** Where a run stands: a word, and what it means. */
sab.state = run => ({
  solved: ['solved', 'nothing left to learn'],
  updates: ['done', 'all updates are made'],
  stopped: ['stopped', 'can be resumed'],
  patience: ['done', 'no better model for a while'],
  diverged: ['diverged', 'too many updates were skipped'],
})[run.history.end] || ['open', 'under way, or killed'];
