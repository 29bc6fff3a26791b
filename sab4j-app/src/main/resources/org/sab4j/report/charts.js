'use strict';
/** The curves: over updates or over time, of one run or of several laid over one another. */
sab.charts = (container, data) => {
  const state = { axis: 'updates', log: {}, hidden: new Set() };
  const charts = new Map(); // by name: { chart, card }

  const several = () => data.runs.length > 1;
  /** Which line of the legend a run belongs to: its group, or itself where there is one group. */
  const keyOf = index => {
    if (data.groups.length > 1) {
      const g = data.groups.findIndex(group => group.members.includes(index));
      return { index: g, name: data.groups[g].label };
    }
    return { index, name: data.runs[index].name };
  };

  const points = columns => {
    const x = state.axis === 'updates' ? columns.updates : columns.seconds;
    return columns.values.map((v, i) => [x[i], v, columns.updates[i], columns.seconds[i]]);
  };

  const line = (index, columns, options) => {
    const { bold, colour } = options;
    const stroke = several() ? sab.stroke(keyOf(index).index) : sab.stroke(colour || 0);
    const marked = columns.values.length < (bold ? 40 : 2);
    return {
      type: 'line', name: several() ? keyOf(index).name : options.name, run: data.runs[index].name, data: points(columns),
      showSymbol: marked, symbol: 'circle', symbolSize: 5, sampling: 'minmax', animation: false,
      lineStyle: { ...stroke, width: bold ? 2 : 1, opacity: bold ? 1 : 0.45 },
      itemStyle: { color: stroke.color }, emphasis: { disabled: true }, z: bold ? 3 : 2,
    };
  };

  const shown = () => data.runs.map((run, index) => ({ run, index }))
    .filter(({ index }) => !state.hidden.has(keyOf(index).name));

  /** What each chart draws. */
  const drawings = {
    loss: {
      title: 'Loss', log: true,
      series: () => shown().flatMap(({ run, index }) => [
        line(index, run.history.loss, { name: 'training batches' }),
        ...(run.history.evals.loss ? [line(index, run.history.evals.loss, { name: 'evaluation', bold: true })] : []),
      ]),
      format: sab.number,
    },
    gradNorm: {
      title: 'Gradient norm', log: true,
      series: () => shown().flatMap(({ run, index }) => [
        line(index, run.history.gradNorm, { name: 'gradient norm' }), ...clip(run), ...skips(run, index),
      ]),
      format: sab.number,
    },
  };

  const clip = run => {
    const norm = run.settings['normalize-gradient'] === 'true' ? 0 : Number(run.settings['clip-norm']);
    if (!(norm > 0) || several()) return [];
    return [{
      type: 'line', name: 'clipped to', data: [], animation: false, silent: true,
      markLine: {
        silent: true, symbol: 'none', animation: false, data: [{ yAxis: norm }],
        lineStyle: { color: sab.css('--muted'), type: 'dashed', width: 1 },
        label: { formatter: 'clipped to ' + norm, position: 'insideEndTop', color: sab.css('--muted'), fontSize: 11 },
      },
    }];
  };

  /** Skipped updates: triangles at the norm that they had, or at the bottom where that was no number. */
  const skips = (run, index) => {
    const columns = run.history.skipped;
    if (!columns.values.length) return [];
    const least = Math.min(...run.history.gradNorm.values, 1);
    const colour = several() ? sab.stroke(keyOf(index).index).color : sab.css('--bad');
    return [{
      type: 'scatter', name: several() ? keyOf(index).name : 'skipped updates', run: run.name, animation: false, z: 4,
      symbol: 'triangle', symbolSize: 9, itemStyle: { color: colour },
      data: points(columns).map(p => [p[0], p[1] > 0 ? p[1] : least, p[2], p[3], 'skipped']),
    }];
  };

  const measures = () => {
    const first = data.runs.map(run => run.measure);
    const all = new Set(first);
    for (const run of data.runs) for (const name of Object.keys(run.history.evals)) all.add(name);
    all.delete('loss');
    return [...all].filter(name => data.runs.some(run => run.history.evals[name]));
  };

  const drawing = name => drawings[name] || {
    title: sab.nameOf(name) + (name === 'accuracy' ? ', evaluation' : ''), log: name === 'mse', percent: name === 'accuracy',
    series: () => shown().filter(({ run }) => run.history.evals[name])
      .flatMap(({ run, index }) => [line(index, run.history.evals[name], { name: 'evaluation', bold: true }), ...best(run, index, name)]),
    format: v => sab.measure(name, v),
  };

  const best = (run, index, name) => {
    if (several() || run.history.best[name] === undefined) return [];
    const at = run.history.evals[name].updates.indexOf(run.history.bestUpdate);
    if (at < 0) return [];
    const x = (state.axis === 'updates' ? run.history.evals[name].updates : run.history.evals[name].seconds)[at];
    return [{
      type: 'scatter', name: 'best model', run: run.name, animation: false, z: 5, symbol: 'diamond', symbolSize: 12,
      itemStyle: { color: sab.stroke(1).color }, data: [[x, run.history.best[name], run.history.bestUpdate, run.history.evals[name].seconds[at]]],
    }];
  };

  const tooltip = (chart, format) => params => {
    const list = Array.isArray(params) ? params : [params];
    if (!list.length) return '';
    const box = sab.el('div', {});
    const [, , update, seconds] = list[0].value;
    box.append(sab.el('div', { style: 'color:' + sab.css('--muted') }, `update ${sab.count(update)} · ${sab.duration(seconds)}`));
    for (const p of list.slice(0, 12)) {
      const series = p.seriesName + (several() && data.groups.length > 1 ? ' · ' + charts.get(chart).runs[p.seriesIndex] : '');
      const row = sab.el('div', {});
      row.innerHTML = p.marker; // ECharts' own dot, of a colour of ours
      row.append(`${p.value[4] ? 'skipped, ' : ''}${several() ? series : p.seriesName}: `, sab.el('b', {}, format(p.value[1])));
      box.append(row);
    }
    if (list.length > 12) box.append(sab.el('div', {}, `and ${list.length - 12} more`));
    return box;
  };

  const option = name => {
    const d = drawing(name);
    const isLog = state.log[name] ?? d.log;
    const series = d.series();
    const ink = sab.css('--ink'), muted = sab.css('--muted'), grid = sab.css('--line');
    const axis = { axisLine: { lineStyle: { color: grid } }, axisTick: { show: false }, axisLabel: { color: muted, hideOverlap: true }, splitLine: { lineStyle: { color: grid } } };
    const positive = isLog && series.some(s => s.data.some(p => p[1] > 0));
    if (positive) for (const s of series) s.data = s.data.filter(p => p[1] > 0); // a logarithm has no place for 0
    return {
      backgroundColor: 'transparent', textStyle: { color: ink, fontFamily: sab.font() }, animation: false,
      aria: { enabled: true, label: { description: d.title + ' over ' + (state.axis === 'updates' ? 'updates' : 'training time') } },
      grid: { left: 12, right: 18, top: 14, bottom: 22, containLabel: true },
      legend: several() || names(series).length < 2 ? { show: false } : { bottom: 0, left: 'center', itemWidth: 18, itemHeight: 8, textStyle: { color: muted }, icon: undefined, data: names(series).map(n => ({ name: n })) },
      tooltip: {
        trigger: 'axis', confine: true, backgroundColor: sab.css('--card'), borderColor: grid, textStyle: { color: ink, fontSize: 12.5 },
        axisPointer: { type: 'line', lineStyle: { color: muted, type: 'dashed' }, snap: true }, formatter: tooltip(name, d.format),
      },
      dataZoom: [{ type: 'inside', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false, moveOnMouseMove: 'ctrl', preventDefaultMouseMove: false, filterMode: 'none' }],
      xAxis: { type: 'value', min: 0, max: 'dataMax', ...axis, splitLine: { show: false }, axisLabel: { ...axis.axisLabel, showMaxLabel: false, formatter: state.axis === 'updates' ? v => sab.count(v) : sab.duration } },
      yAxis: { type: positive ? 'log' : 'value', scale: !d.percent, min: d.percent ? 0 : bound(0.9), max: d.percent ? 1 : bound(1.1), ...axis, axisLabel: { ...axis.axisLabel, formatter: d.percent ? v => Math.round(100 * v) + ' %' : sab.tick } },
      series,
    };
  };

  /** An end of an axis: ECharts' own choice, unless all values are one, but for rounding, and it would have no width. */
  const bound = factor => ({ min, max }) => max - min > 1e-6 * max || !(min > 0) ? null : Number((factor * max).toPrecision(2));

  const names = series => [...new Set(series.map(s => s.name))].filter(name => name !== 'clipped to');

  const draw = name => {
    const entry = charts.get(name);
    const o = option(name);
    if (o.legend.data) o.grid.bottom = 34;
    entry.runs = o.series.map(s => s.run);
    entry.chart.setOption(o, { notMerge: false, replaceMerge: ['series', 'xAxis', 'yAxis', 'legend'] });
  };

  const card = name => {
    const d = drawing(name);
    const isLog = state.log[name] ?? d.log;
    const box = sab.el('div', { class: 'chart', id: 'chart-' + name, role: 'img', 'aria-label': d.title });
    const log = d.percent ? null : sab.el('button', {
      type: 'button', 'aria-pressed': String(Boolean(isLog)), title: 'Logarithmic axis',
      onclick: event => {
        state.log[name] = !(state.log[name] ?? d.log);
        event.currentTarget.setAttribute('aria-pressed', String(state.log[name]));
        draw(name);
      },
    }, 'log');
    const element = sab.el('div', { class: 'card' }, sab.el('div', { class: 'top' }, sab.el('h3', {}, d.title), log), box);
    return { element, box };
  };

  const grid = sab.el('div', { class: 'grid' });
  const legend = sab.el('ul', { class: 'legend' });

  const drawLegend = () => sab.redraw(legend, () => {
    const items = [];
    const seen = new Set();
    (several() ? data.runs : []).forEach((run, index) => {
      const key = keyOf(index);
      if (seen.has(key.name)) return;
      seen.add(key.name);
      const stroke = sab.stroke(key.index);
      const dash = { solid: null, dashed: '6 4', dotted: '2 3' }[stroke.type];
      const size = data.groups.length > 1 ? data.groups[key.index].members.length : 1;
      items.push(sab.el('li', {},
        sab.el('svg', { width: 26, height: 8, 'aria-hidden': 'true' },
          sab.el('path', { d: 'M0 4H26', stroke: stroke.color, 'stroke-width': 2.5, 'stroke-dasharray': dash })),
        sab.el('button', {
          type: 'button', 'aria-pressed': String(!state.hidden.has(key.name)), title: 'Show or hide', 'data-key': key.name,
          onclick: event => {
            if (!state.hidden.delete(key.name)) state.hidden.add(key.name);
            event.currentTarget.setAttribute('aria-pressed', String(!state.hidden.has(key.name)));
            for (const name of charts.keys()) draw(name);
          },
        }, key.name + (size > 1 ? ` (${size} runs)` : ''))));
    });
    return items;
  });

  const build = () => {
    for (const { chart } of charts.values()) chart.dispose();
    charts.clear();
    grid.replaceChildren();
    const names = ['loss', ...measures(), 'gradNorm'];
    for (const name of names) {
      const { element, box } = card(name);
      grid.append(element);
      const chart = echarts.init(box, null, { renderer: 'canvas' });
      chart.group = 'sab';
      charts.set(name, { chart, element });
      draw(name);
    }
    echarts.connect('sab');
  };

  container.replaceChildren(
    sab.el('div', { class: 'controls' },
      sab.choice('Horizontal axis', { updates: 'Updates', seconds: 'Time' }, state.axis, axis => {
        state.axis = axis;
        for (const { chart } of charts.values()) chart.dispatchAction({ type: 'dataZoom', start: 0, end: 100 });
        for (const name of charts.keys()) draw(name);
      }),
      sab.el('span', { class: 'muted' }, 'Ctrl and wheel zoom all charts.')),
    legend, grid);
  drawLegend();
  build();
  const observer = new ResizeObserver(() => { for (const { chart } of charts.values()) chart.resize(); });
  observer.observe(grid);

  return {
    /** Draws again: the data have grown, or the colours have changed. */
    draw: () => {
      drawLegend();
      const names = ['loss', ...measures(), 'gradNorm'];
      if (names.length !== charts.size || names.some(name => !charts.has(name))) build();
      else for (const name of names) draw(name);
    },
    close: () => {
      observer.disconnect();
      for (const { chart } of charts.values()) chart.dispose();
    },
  };
};
