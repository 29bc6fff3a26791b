'use strict';
/** The data of a page that was served: asked for again when the server says that something has changed. */
sab.live = (data, show) => {
  const status = sab.el('span', { class: 'status', role: 'status' }, 'connecting …');
  const list = sab.el('span', { class: 'runs' });
  let chosen = new URLSearchParams(location.hash.slice(1)).getAll('run');
  const MOST = 32; // runs at once, as the server has it
  const LEAST_WAIT = 2000, MOST_WAIT = 30000; // ms until the next try
  let there = [], events = null, heard = '', busy = false, again = false, retry = null, wait = LEAST_WAIT;

  const isThere = name => there.some(run => run.name === name);
  const query = () => chosen.filter(name => isThere(name) || !there.length).map(name => 'run=' + encodeURIComponent(name)).join('&');
  /** What the server said instead of an answer. */
  class Refusal extends Error {}
  const ask = async path => {
    const answer = await fetch(path);
    if (!answer.ok) throw new Refusal((await answer.text()).trim());
    return answer;
  };
  const get = async path => (await ask(path)).json();

  /** One question at a time; what changes meanwhile is asked for afterwards. */
  const load = async () => {
    if (busy) { again = true; return; }
    busy = true;
    clearTimeout(retry);
    try {
      do {
        again = false;
        there = await get('/runs');
        let places = MOST;
        chosen = chosen.filter(name => !isThere(name) || places-- > 0); // those that are gone may come back
        if (!chosen.length && there.length) chosen = [there.reduce((a, b) => (b.modified > a.modified ? b : a)).name];
        const fresh = await get('/data?' + query());
        for (const run of fresh.runs) { // reminders are asked for by hand: keep those that are here
          const before = data.runs.find(other => other.name === run.name);
          if (before && before.configured === run.configured && before.explanation && !run.explanation) run.explanation = before.explanation;
        }
        Object.assign(data, { runs: fresh.runs, groups: fresh.groups, version: fresh.version });
        drawList();
        show();
        const gone = chosen.filter(name => !isThere(name));
        if (fresh.troubles.length) say('lost', fresh.troubles.join('; '));
        else if (gone.length) say('waiting', gone.join(', ') + (gone.length > 1 ? ' are' : ' is') + ' no longer in this folder');
        else if (there.length) say('live', 'live');
        else say('waiting', 'no run in this folder yet');
      } while (again);
      wait = LEAST_WAIT;
      if (events && heard !== query()) listen(); // runs have come or gone
    } catch (e) {
      failed(e);
      retry = setTimeout(load, wait); // the stream may be open all the while, with nothing to tell
      wait = Math.min(2 * wait, MOST_WAIT);
    } finally {
      busy = false;
    }
  };

  const say = (state, text) => {
    status.className = 'status ' + state;
    if (status.textContent !== text) status.textContent = text; // which is read out
  };

  const failed = e => say('lost', e instanceof Refusal ? e.message : 'connection lost, trying again …');

  const listen = () => {
    events?.close();
    heard = query();
    events = new EventSource('/events?' + heard);
    events.onopen = load; // also when the trainer, or this page, has been away
    events.onmessage = load;
    events.onerror = e => {
      if (events.readyState === EventSource.CLOSED) { // refused, and the stream does not tell why
        ask('/events?' + heard).then(answer => answer.body.cancel()).catch(failed);
        setTimeout(listen, 2000);
      } else {
        failed(e);
      }
    };
  };

  const drawList = () => sab.redraw(list, () => {
    const some = there.length > 1 || (there.length === 1 && !chosen.every(isThere));
    const full = chosen.filter(isThere).length >= MOST;
    const muted = text => sab.el('span', { class: 'muted' }, text);
    return !some ? [] : [
      muted('Runs '),
      ...there.slice(0, 200).map(run => sab.el('button', {
        type: 'button', 'aria-pressed': String(chosen.includes(run.name)), title: 'Show or hide this run',
        disabled: full && !chosen.includes(run.name), 'data-key': run.name,
        onclick: () => {
          chosen = chosen.filter(isThere); // without those that are gone
          if (chosen.includes(run.name)) chosen = chosen.filter(name => name !== run.name);
          else if (chosen.length < MOST) chosen = [...chosen, run.name];
          if (!chosen.length) chosen = [run.name];
          history.replaceState(null, '', '#' + query());
          listen();
        },
      }, run.name)),
      there.length > 200 && muted(`and ${there.length - 200} more`),
      full && muted(`no more than ${MOST} at once`),
    ];
  });

  load().then(() => listen());
  return {
    bar: sab.el('div', { class: 'controls live' }, status, list),
    /** The reminders of a run's best model as it is now. */
    explain: async run => {
      const answer = await get('/explain?run=' + encodeURIComponent(run.name));
      const now = data.runs.find(other => other.name === run.name && other.configured === run.configured);
      if (now) now.explanation = answer.explanation; // the data may have come again meanwhile
    },
  };
};
