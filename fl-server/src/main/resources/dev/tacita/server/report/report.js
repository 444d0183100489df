
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const at = id => document.getElementById(id);
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const make = (tag, text) => { const it = document.createElement(tag); if (text) it.textContent = text; return it; };
  const many = data.sites.length > data.mostLines;
  const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3]];
  const hidden = new Set();
  const charts = [];

  const font = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.family = font;
  Chart.defaults.animation = false;
  Chart.defaults.responsive = true;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.plugins.legend.display = false;

  const percent = value => (100 * value).toFixed(1) + ' %';
  const decimal = value => value.toFixed(4);
  const bytes = value => {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit++; }
    return +value.toPrecision(3) + ' ' + units[unit];
  };
  const siteStyle = index => ({ borderColor: colour('s' + index % 8), borderDash: dashes[Math.floor(index / 8) % 4] });

  function axes(format, extra) {
    const tick = { color: colour('soft'), maxRotation: 0, autoSkipPadding: 14 };
    const grid = { color: colour('grid'), drawTicks: false };
    const border = { display: false };
    return {
      x: { grid: { display: false }, border: { color: colour('line') }, ticks: tick, ...extra?.x },
      y: { grid, border, ticks: { ...tick, padding: 6, callback: value => format(value), maxTicksLimit: 7 }, ...extra?.y },
    };
  }

  function tooltip(format) {
    return {
      backgroundColor: colour('ink'), titleColor: colour('card'), bodyColor: colour('card'), usePointStyle: true, boxPadding: 4,
      callbacks: { label: item => ' ' + item.dataset.label + ': ' + (item.raw === null ? '–' : format(item.raw)) },
    };
  }

  function curve(id, figure, series, format, share) {
    if (!series || series.pooled.every(value => value === null)) { at(figure).style.display = 'none'; return; }
    const dots = data.rounds.length > 40 ? 0 : 2.5;
    const line = { borderWidth: 1.6, pointRadius: dots, pointHoverRadius: 4, spanGaps: true, tension: 0, clip: 5 };
    const sets = [];
    const ink = colour('ink');
    sets.push({ ...line, label: 'all sites pooled', data: series.pooled, borderColor: ink, backgroundColor: ink,
      borderWidth: 3, pointRadius: 0, order: 0, hidden: hidden.has('pooled'), name: 'pooled' });
    if (many) {
      const band = { ...line, borderWidth: 0, pointRadius: 0, pointHoverRadius: 0, hidden: hidden.has('band'), name: 'band', backgroundColor: colour('band') };
      sets.push({ ...band, label: '90th percentile of sites', data: series.band.high, fill: '+1', order: 2 });
      sets.push({ ...band, label: '10th percentile of sites', data: series.band.low, fill: false, order: 2 });
    } else {
      data.sites.forEach((site, index) => {
        const style = siteStyle(index);
        const values = series.sites[site];
        if (values.some(value => value !== null)) {
          sets.push({ ...line, ...style, label: site, data: values, backgroundColor: style.borderColor, order: 1, hidden: hidden.has(site), name: site });
        }
      });
    }
    charts.push(new Chart(at(id), {
      type: 'line',
      data: { labels: data.rounds, datasets: sets },
      options: {
        interaction: { mode: 'index', intersect: false },
        scales: axes(format === percent ? value => +(100 * value).toFixed(1) + ' %' : value => +value.toPrecision(3),
          { y: share ? { suggestedMax: 1, max: 1, grace: '5%' } : { beginAtZero: true, grace: '5%' } }),
        plugins: { tooltip: { ...tooltip(format), callbacks: { ...tooltip(format).callbacks, title: items => 'round ' + items[0].label } } },
      },
    }));
  }

  function swatch(stroke, dash, wide) {
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    svg.setAttribute('width', '22'); svg.setAttribute('height', '10'); svg.setAttribute('aria-hidden', 'true');
    const path = document.createElementNS(ns, 'path');
    path.setAttribute('d', 'M1 5H21'); path.setAttribute('stroke', stroke); path.setAttribute('stroke-width', wide);
    path.setAttribute('stroke-dasharray', dash.join(' '));
    svg.append(path);
    return svg;
  }

  function legend() {
    const box = at('legend');
    box.replaceChildren();
    if (!data.rounds.length) { box.append('No round has completed yet.'); return; }
    if (['accuracy', 'training', 'validation'].every(id => at('figure-' + id).style.display === 'none')) {
      box.append('No site shared figures of single rounds: policies may keep them, those of training rows do not leave where noise is added, and few rows are too few.');
      return;
    }
    const entry = (name, label, sign) => {
      const button = make('button');
      button.type = 'button';
      button.setAttribute('aria-pressed', String(!hidden.has(name)));
      button.append(sign, label);
      button.addEventListener('click', () => {
        if (!hidden.delete(name)) hidden.add(name);
        button.setAttribute('aria-pressed', String(!hidden.has(name)));
        charts.forEach(chart => {
          chart.data.datasets.forEach(set => { if (set.name) set.hidden = hidden.has(set.name); });
          chart.update();
        });
      });
      box.append(button);
    };
    entry('pooled', 'all sites pooled', swatch(colour('ink'), [], '3'));
    if (many) {
      entry('band', 'middle 80 % of ' + data.sites.length + ' sites', swatch(colour('band'), [], '10'));
    } else {
      data.sites.forEach((site, index) => {
        const seen = Object.values(data.curves).some(series => series.sites[site].some(value => value !== null));
        if (seen) entry(site, site, swatch(siteStyle(index).borderColor, siteStyle(index).borderDash, '2'));
      });
    }
  }

  function balance() {
    const names = data.classes.names;
    const last = names.length - 1;
    const upright = many;
    const box = at('class-legend');
    if (!data.classes.sites.length) { at('class-chart').style.display = 'none'; return; }
    box.replaceChildren();
    const paint = index => index === last ? colour('hidden-class') : colour('s' + (index % 8));
    const sets = [];
    names.forEach((name, index) => {
      const values = data.classes.counts.map(row => row[index]);
      if (values.every(value => value === 0)) return;
      sets.push({ label: name, data: values, backgroundColor: paint(index), borderColor: colour('card'), borderWidth: upright ? 0 : 1, borderSkipped: false, maxBarThickness: 30,
        categoryPercentage: upright ? 1 : .8, barPercentage: .9 });
      const key = make('i');
      key.className = 'key';
      key.style.background = paint(index);
      const item = make('span');
      item.append(key, name);
      box.append(item);
    });
    at('class-chart').style.height = upright ? '300px' : Math.max(110, 46 + 38 * data.classes.sites.length) + 'px';
    const whole = value => value.toLocaleString('en').replaceAll(',', '\u202f');
    const scales = axes(whole);
    const sites = { ...scales.x, stacked: true, grid: { display: false } };
    const counts = { ...scales.y, stacked: true };
    charts.push(new Chart(at('class-balance'), {
      type: 'bar',
      data: { labels: data.classes.sites, datasets: sets },
      options: {
        indexAxis: upright ? 'x' : 'y',
        interaction: { mode: 'index', axis: upright ? 'x' : 'y', intersect: false },
        scales: upright ? { x: sites, y: counts } : { x: { ...counts }, y: { ...sites, ticks: { ...sites.ticks, color: colour('ink') } } },
        plugins: { tooltip: { ...tooltip(whole), filter: item => item.raw > 0 } },
      },
    }));
  }

  function bars(id, values, format, name) {
    charts.push(new Chart(at(id), {
      type: 'bar',
      data: { labels: data.strip.columns.map(it => it.replace('round ', '')), datasets: [{ label: name, data: values, backgroundColor: colour('counted'), maxBarThickness: 34,
        categoryPercentage: values.length > 60 ? 1 : .85, barPercentage: values.length > 60 ? 1 : .9 }] },
      options: {
        interaction: { mode: 'index', intersect: false },
        scales: axes(format, { x: { grid: { display: false }, border: { color: colour('line') },
          ticks: { color: colour('soft'), maxRotation: 0, autoSkipPadding: 12, callback(value) { return this.getLabelForValue(value).replace(/[ ,(].*/, ''); } } } }),
        plugins: { tooltip: { ...tooltip(format), callbacks: { ...tooltip(format).callbacks, title: items => data.strip.columns[items[0].dataIndex] } } },
      },
    }));
  }

  const strip = { label: 0, width: 1, height: 1 };
  const reasons = new Map();
  for (let i = 0; i < data.strip.missing.length; i += 3) {
    reasons.set(data.strip.missing[i] + ' ' + data.strip.missing[i + 1], data.strip.missing[i + 2]);
  }

  function drawStrip() {
    const canvas = at('strip');
    at('tip').hidden = true;
    const width = canvas.parentElement.clientWidth;
    const columns = data.strip.columns.length;
    const rows = data.sites.length;
    if (!columns || !rows || !width) { at('strip-box').style.display = 'none'; return; }
    const ratio = window.devicePixelRatio || 1;
    const context = canvas.getContext('2d');
    strip.height = rows > 30 ? 9 : rows > 12 ? 16 : 26;
    const size = rows > 30 ? 11 : 13;
    const each = rows > 30 ? 5 : 1;
    context.font = size + 'px ' + font;
    const longest = Math.max(...data.sites.map(site => context.measureText(site).width));
    strip.label = Math.min(Math.ceil(longest) + 12, Math.floor(width * .34));
    strip.width = (width - strip.label) / columns;
    const height = rows * strip.height + 20;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.height = height + 'px';
    context.scale(ratio, ratio);
    context.clearRect(0, 0, width, height);
    const gap = strip.width > 6 ? 2 : 0;
    const rowGap = rows > 30 ? 1 : 2;
    const paints = { n: colour('unasked'), c: colour('counted'), m: colour('missing') };
    for (const letter of ['n', 'c', 'm']) {
      context.fillStyle = paints[letter];
      data.strip.rows.forEach((row, y) => {
        for (let x = row.indexOf(letter); x >= 0;) {
          let end = x + 1;
          if (!gap) while (row[end] === letter) end++;
          const wide = Math.max(1, (end - x) * strip.width - gap);
          context.fillRect(strip.label + x * strip.width, y * strip.height, wide, strip.height - rowGap);
          x = row.indexOf(letter, end);
        }
      });
    }
    if (strip.width > 12 && strip.height > 12) {
      context.strokeStyle = colour('card');
      context.lineWidth = 1.8;
      data.strip.rows.forEach((row, y) => {
        for (let x = row.indexOf('m'); x >= 0; x = row.indexOf('m', x + 1)) {
          const cx = strip.label + (x + .5) * strip.width - gap / 2;
          const cy = (y + .5) * strip.height - 1;
          context.beginPath();
          context.moveTo(cx - 4, cy - 4); context.lineTo(cx + 4, cy + 4);
          context.moveTo(cx + 4, cy - 4); context.lineTo(cx - 4, cy + 4);
          context.stroke();
        }
      });
    }
    context.textBaseline = 'middle';
    context.fillStyle = colour('ink');
    context.font = size + 'px ' + font;
    data.sites.forEach((site, y) => {
      if (y % each) return;
      let text = site;
      while (text.length > 2 && context.measureText(text).width > strip.label - 10) text = text.slice(0, -2) + '…';
      context.fillText(text, 0, y * strip.height + (strip.height - rowGap) / 2 + .5);
    });
    context.font = '12px ' + font;
    context.fillStyle = colour('soft');
    context.textAlign = 'center';
    const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find(it => it * strip.width >= 30) || columns;
    let before = '';
    data.strip.columns.forEach((name, x) => {
      const parts = /^round (\d+)/.exec(name);
      if (parts && parts[1] === before) return;
      before = parts ? parts[1] : '';
      const last = x === columns - 1 && name.startsWith('final') && strip.width >= 30;
      if (last || (parts && (+parts[1] % step === 0))) {
        const text = last ? 'test' : parts[1];
        const middle = strip.label + (x + .5) * strip.width - gap / 2;
        context.fillText(text, Math.min(middle, width - context.measureText(text).width / 2), rows * strip.height + 10);
      }
    });
    context.textAlign = 'left';
  }

  function tip(event) {
    const box = at('tip');
    const x = Math.floor((event.offsetX - strip.label) / strip.width);
    const y = Math.floor(event.offsetY / strip.height);
    const letter = data.strip.rows[y]?.[x];
    if (!letter) { box.hidden = true; return; }
    const reason = reasons.get(y + ' ' + x);
    const words = { c: 'counted', m: 'missing', n: 'not asked' }[letter];
    box.textContent = data.sites[y] + ', ' + data.strip.columns[x] + '\n' + words + (reason === undefined ? '' : ': ' + data.strip.reasons[reason]);
    box.hidden = false;
    const room = at('strip-box').clientWidth - box.offsetWidth;
    box.style.left = Math.max(0, Math.min(event.offsetX + 12, room)) + 'px';
    box.style.top = event.offsetY + 16 + 'px';
  }

  function draw() {
    charts.splice(0).forEach(chart => chart.destroy());
    Chart.defaults.color = colour('soft');
    curve('accuracy', 'figure-accuracy', data.curves.accuracy, percent, true);
    curve('training', 'figure-training', data.curves.trainingLoss, decimal, false);
    curve('validation', 'figure-validation', data.curves.validationLoss, decimal, false);
    legend();
    balance();
    bars('bytes', data.traffic.bytes, bytes, 'received');
    bars('seconds', data.traffic.seconds, value => +value.toPrecision(3) + ' s', 'time');
    drawStrip();
  }

  draw();
  const canvas = at('strip');
  canvas.addEventListener('pointermove', tip);
  canvas.addEventListener('pointerdown', tip);
  canvas.addEventListener('pointerleave', () => { at('tip').hidden = true; });
  new ResizeObserver(drawStrip).observe(at('strip-box'));
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  window.addEventListener('beforeprint', () => { document.querySelectorAll('details').forEach(it => { it.open = data.strip.columns.length <= 60; }); draw(); });
  window.addEventListener('afterprint', draw);
})();
