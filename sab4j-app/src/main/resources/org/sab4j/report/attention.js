'use strict';
/** Which past steps the outputs look at, early, in the middle and late in training (paper, Table 4, right). */
sab.attention = (container, run, before) => {
  const maps = run.attention;
  container.replaceChildren();
  if (!maps.length) return { draw: () => {}, close: () => {}, look: () => null };
  const charts = [];
  const heat = () => ['--heat-0', '--heat-1', '--heat-2', '--heat-3'].map(sab.css);

  /** The steps of a bin, from 1: "12" or "12–15". */
  const steps = (bin, bins, count, first) => {
    const from = Math.ceil(bin * count / bins) + first, to = Math.ceil((bin + 1) * count / bins) - 1 + first;
    return from >= to ? String(to) : from + '–' + to;
  };

  const draw = (box, map) => {
    const rows = map.weights.length, columns = map.weights[0].length;
    const shown = map.steps - map.from + 1;
    const cells = [];
    let most = 0;
    map.weights.forEach((row, r) => row.forEach((w, c) => { cells.push([c, r, w]); most = Math.max(most, w); }));
    const muted = sab.css('--muted'), line = sab.css('--line');
    const axis = { type: 'category', axisTick: { show: false }, axisLine: { lineStyle: { color: line } }, splitArea: { show: false } };
    box.chart.setOption({
      backgroundColor: 'transparent', textStyle: { color: sab.css('--ink'), fontFamily: sab.font() }, animation: false,
      aria: { enabled: true, label: { description: `Attention at update ${map.update}` } },
      grid: { left: 8, right: 12, top: 6, bottom: 4, containLabel: true },
      tooltip: {
        confine: true, backgroundColor: sab.css('--card'), borderColor: line, textStyle: { color: sab.css('--ink'), fontSize: 12.5 },
        formatter: p => sab.el('span', {}, `Step ${steps(p.value[1], rows, shown, map.from)} looks at step `
          + `${steps(p.value[0], columns, map.steps, 1)} with weight `, sab.el('b', {}, sab.number(p.value[2]))),
      },
      visualMap: { show: false, min: 0, max: Math.max(most, 0.05), inRange: { color: heat() } },
      xAxis: { ...axis, data: [...Array(columns).keys()].map(c => steps(c, columns, map.steps, 1)), axisLabel: { color: muted, hideOverlap: true } },
      yAxis: { ...axis, inverse: true, data: [...Array(rows).keys()].map(r => steps(r, rows, shown, map.from)), axisLabel: { color: muted, fontSize: 11, interval: Math.ceil(13 * rows / (height - 30)) - 1 } },
      series: [{ type: 'heatmap', data: cells, emphasis: { itemStyle: { borderColor: sab.css('--ink'), borderWidth: 1 } }, progressive: 0 }],
    }, true);
  };

  const height = Math.min(320, Math.max(90, 46 + maps[0].weights.length * 9));
  const panel = (title, map) => {
    const box = sab.el('div', { class: 'map', style: `height:${height}px`, role: 'img', 'aria-label': `${title}, update ${sab.count(map.update)}` });
    const heading = sab.el('h3', {}, title);
    const element = sab.el('div', { class: 'card' }, sab.el('div', { class: 'top' }, heading), box);
    const entry = { box, map, heading, element };
    charts.push(entry);
    return entry;
  };

  const last = maps.length - 1;
  const chosen = maps.length < 3 ? maps.map((map, i) => [i === 0 ? 'Early' : 'Late', map])
    : [['Early', maps[0]], ['Middle', maps[Math.round(last / 2)]], ['Late', maps[last]]];
  const list = sab.el('div', { class: 'maps' });
  for (const [name, map] of chosen) list.append(panel(`${name}: update ${sab.count(map.update)}`, map).element);
  container.append(
    sab.el('h2', {}, 'Attention over training'),
    sab.el('p', { class: 'muted' }, 'Down: the steps whose outputs count. Across: the past steps that they were reminded of. '
      + 'The stronger the colour, the larger the weight, on average over a few sequences that stay the same.'),
    list);
  let range = null;
  if (maps.length > 3) {
    const at = before && before.update !== null ? Math.max(0, maps.findLastIndex(map => map.update <= before.update)) : last;
    const any = panel(`Update ${sab.count(maps[at].update)}`, maps[at]);
    range = sab.el('input', {
      type: 'range', min: 0, max: last, value: at, 'aria-label': 'Evaluation',
      oninput: event => {
        any.map = maps[Number(event.currentTarget.value)];
        any.heading.textContent = `Update ${sab.count(any.map.update)}`;
        draw(any.box, any.map);
      },
    });
    any.element.prepend(sab.el('label', {}, `${maps.length} of the evaluations `, range));
    list.append(any.element);
    if (before?.focused) range.focus();
  }
  for (const entry of charts) {
    entry.box.chart = echarts.init(entry.box);
    draw(entry.box, entry.map);
  }
  const observer = new ResizeObserver(() => { for (const { box } of charts) box.chart.resize(); });
  observer.observe(list);
  return {
    draw: () => { for (const { box, map } of charts) draw(box, map); },
    close: () => { observer.disconnect(); for (const { box } of charts) box.chart.dispose(); },
    /** What somebody is looking at, for the next drawing: the update of the evaluation, null for the last, whichever it is; and whether the slider is in use. */
    look: () => range && { update: Number(range.value) < last ? maps[Number(range.value)].update : null, focused: document.activeElement === range },
  };
};
