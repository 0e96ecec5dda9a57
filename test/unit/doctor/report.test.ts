import { expect } from 'chai';
import { Command } from 'commander';
import fc from 'fast-check';
import { scriptFor } from '../../../admin/completion-script.js';
import { checks, idsOf } from '../../../doctor/check-table.js';
import { register } from '../../../doctor/command.js';
import { type Finding, fault, notChecked, ok, VIEWS, warning, worst } from '../../../doctor/finding.js';
import { plansOf } from '../../../doctor/plans.js';
import { countOf, reportJson, reportText } from '../../../doctor/report.js';
import { listenerIn, metricsPortIn, runFolder } from '../../../doctor/run-folder.js';
import { textOf } from '../../support/sources.js';

const finding = (check: string, judgement: ReturnType<typeof ok>): Finding => {
  return { id: `peer.${check}`, view: 'peer', check, ...judgement };
};
const section = (...findings: readonly Finding[]) => [{ title: ['peer wss://a.example/'], findings }];

describe('doctor: the report', () => {
  const all = section(
    finding('name', ok('fine')),
    finding('port', warning('odd', 'because', 'type')),
    finding('clock', fault('wrong', 'since', 'set')),
    finding('access', notChecked('no way')),
  );

  it('for people: a line each, and of what is wrong why and what to do', () => {
    expect(reportText(all).split('\n')).to.deep.equal([
      'peer wss://a.example/',
      '  ok           name                fine',
      '  warning      port                odd',
      '       why  because',
      '       do   type',
      '  FAULT        clock               wrong',
      '       why  since',
      '       do   set',
      '  not checked  access              no way',
      '',
      '1 fault, 1 warning, 1 not checked, 1 ok',
      '',
    ]);
  });

  it('for programs: the same under names that stay', () => {
    const told = JSON.parse(reportJson(all, '1.2.3', 0));
    expect(told).to.have.all.keys('version', 'time', 'looked', 'summary', 'findings');
    expect(told.summary).to.deep.equal({ ok: 1, warning: 1, fault: 1, not_checked: 1 });
    expect(told.findings[0]).to.deep.equal({
      id: 'peer.name',
      view: 'peer',
      check: 'name',
      status: 'ok',
      what: 'fine',
    });
    expect(told.findings[2]).to.include({ id: 'peer.clock', status: 'fault', what: 'wrong', why: 'since', do: 'set' });
    expect(told.findings[3]).to.not.have.any.keys('why', 'do');
  });

  it('fits 80 columns but for longer words, loses none, and nothing in it steers a terminal', () => {
    const words = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, (parts) => {
        const text = parts.join(' ');
        const printed = reportText(section(finding('port', fault(text, text, text))));
        expect(printed).to.not.match(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
        for (const line of printed.split('\n')) {
          if (line.length > 80)
            expect(line.trimStart().replace(/^(?:FAULT +port +|why +|do +)/, '')).to.not.include(' ');
        }
      }),
      { numRuns: 25 },
    );
  });

  it('counts, and takes the worst of several', () => {
    expect(countOf([...all, ...all])).to.include({ fault: 2, ok: 2 });
    const [good, odd, bad, dark] = [ok('a'), warning('b', 'b', 'b'), fault('c', 'c', 'c'), notChecked('d')];
    expect(worst(good, odd, bad, dark)).to.equal(bad);
    expect(worst(dark, good)).to.equal(good);
    expect(worst(odd, good)).to.equal(odd);
    expect(worst(good)).to.equal(good);
  });
});

describe('doctor: the checks', () => {
  it('have ids that the document names, all of them and no other', () => {
    const named = [...textOf('docs/doctor.md').matchAll(/`((?:peer|operator|host)\.[a-z-]+)`/g)].map(([, id]) => id);
    expect(named.sort()).to.deep.equal(VIEWS.flatMap(idsOf).sort());
  });

  it('each look from somewhere, and ask a question', () => {
    for (const [name, check] of Object.entries(checks)) {
      expect(name).to.match(/^[a-z]+(?:-[a-z]+)*$/);
      expect(VIEWS.filter((view) => view in check)).to.not.deep.equal([]);
      expect(check.asks).to.match(/\?/);
    }
  });
});

describe('doctor: what it is asked', () => {
  const run = { ...runFolder({ WS_PROXY_RUN_DIR: '/nowhere' }), isThere: true };
  const views = (text: string | undefined, flags: Parameters<typeof plansOf>[1] = {}, folder = run) =>
    plansOf(text, flags, folder).map(({ view }) => view);

  it('the URL says from whose place, and without one everything of the run is looked at', () => {
    expect(views('wss://a.example:5050/x')).to.deep.equal(['peer']);
    expect(views('https://a.example:5051')).to.deep.equal(['operator']);
    expect(views(undefined)).to.deep.equal(['peer', 'operator', 'host']);
    expect(views(undefined, { as: 'operator' })).to.deep.equal(['operator']);
    expect(views(undefined, { as: 'host', config: 'x.yaml' }, { ...run, isThere: false })).to.deep.equal(['host']);
  });

  for (const [text, flags, isThere, words] of [
    ['a.example:5050', {}, true, /give wss:/],
    ['http://a.example', {}, true, /give wss:/],
    ['wss://user:x@a.example', {}, true, /no password/],
    ['wss://a.example', { as: 'host' }, true, /leave the URL out/],
    ['wss://a.example', { as: 'operator' }, true, /https:/],
    ['https://a.example', { as: 'peer' }, true, /wss:/],
    [undefined, {}, false, /no run of npm start in \/nowhere/],
    [undefined, { as: 'host' }, false, /--config/],
  ] as const) {
    it(`refuses ${text} ${JSON.stringify(flags)} ${isThere ? '' : 'without a run'}: exit code 2`, () => {
      const refused = () => views(text, flags, { ...run, isThere });
      expect(refused).to.throw(words).with.property('exitCode', 2);
    });
  }

  it('finds the ports that a run wrote down', () => {
    const listeners = 'control::0.0.0.0:42257\npeers::[::]:44885\n';
    expect(listenerIn(listeners, 'peers')).to.equal(44_885);
    expect(listenerIn(listeners, 'stats')).to.equal(undefined);
    expect(metricsPortIn('node\0ws-proxy.js\0serve\0--metrics-port\0' + '9464\0--page\0true\0')).to.equal(9_464);
    expect(metricsPortIn('envoy\0-c\0envoy.yaml\0')).to.equal(undefined);
    expect(metricsPortIn('')).to.equal(undefined);
  });

  it('says in its help what the exit codes mean, and a shell completes it', () => {
    const program = new Command();
    register(program);
    const help: string[] = [];
    program.commands[0]?.configureOutput({ writeOut: (text) => void help.push(text) }).outputHelp();
    expect(scriptFor('bash', program)).to.match(/'doctor'\) words='--as .* --output /);
    expect(help.join('')).to.match(/Exit codes: 0 no fault .*, 1 a fault, 2 not understood\./);
  });
});
