import { expect } from 'chai';
import { DEFAULT_MAX_CONNECTIONS, openFilesFor } from '../../../envoy/settings.js';
import { loadConfig } from '../../../proxy/config/load.js';
import { compilePolicy } from '../../../proxy/policy/rules/compile.js';
import { filesBelow, textOf } from '../../support/sources.js';

const folder = 'deploy/systemd';

/** Every value of a key of a unit, in order. */
function valuesOf(unit: string, key: string): string[] {
  const lines = textOf(`${folder}/${unit}`).split('\n');
  return lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
}

describe('the systemd units', () => {
  const config = loadConfig({
    flags: {},
    environment: {},
    file: { name: 'ws-proxy.yaml', text: textOf(`${folder}/etc/ws-proxy.yaml`) },
  });
  const services = filesBelow(folder)
    .filter((path) => path.endsWith('.service'))
    .map((path) => path.slice(folder.length + 1));

  it('run as the one user who may open the sockets', () => {
    const others = ['ws-proxy-nats.service', 'ws-proxy-renew.service'];
    for (const unit of services.filter((one) => !others.includes(one))) {
      expect(valuesOf(unit, 'User'), unit).to.deep.equal(['ws-proxy']);
    }
    expect(textOf(`${folder}/ws-proxy.sysusers.conf`)).to.match(/^u ws-proxy /);
  });

  it('never deny memory that is both writable and executable: JavaScript is compiled at run time', () => {
    const ours = services.filter((one) => one !== 'ws-proxy-nats.service');
    for (const unit of ours) expect(valuesOf(unit, 'MemoryDenyWriteExecute'), unit).to.deep.equal([]);
  });

  it('stop the service before Envoy, through which it says goodbye', () => {
    expect(valuesOf('ws-proxy.service', 'After').join(' ')).to.include('ws-proxy-envoy.service');
    expect(valuesOf('ws-proxy-envoy.service', 'After').join(' ')).not.to.match(/ws-proxy\.service/);
  });

  it('give the drain the time that it takes', () => {
    const seconds = Number(/^(\d+)s$/.exec(valuesOf('ws-proxy.service', 'TimeoutStopSec')[0] ?? '')?.[1]);
    expect(seconds * 1000).to.be.greaterThan(config.drainDeadline + 30_000);
  });

  it('allow more files than the service takes connections', () => {
    expect(Number(valuesOf('ws-proxy.service', 'LimitNOFILE')[0])).to.be.greaterThan(2 * config.maxConnections);
    expect(Number(valuesOf('ws-proxy-envoy.service', 'LimitNOFILE')[0])).to.be.greaterThan(4 * config.maxConnections);
  });

  it("own the folders of the service's sockets and of the list that Envoy reads", () => {
    const folders = (valuesOf('ws-proxy.service', 'RuntimeDirectory')[0] ?? '').split(' ').map((one) => `/run/${one}`);
    expect(folders).to.deep.equal(['/run/ws-proxy', '/run/ws-proxy/trust']);
    expect(config.listen).to.equal('unix:/run/ws-proxy/proxy.sock');
    expect(config.controlListen).to.equal('unix:/run/ws-proxy/control.sock');
    expect(config.crlStage).to.equal('/run/ws-proxy/trust/root.crl.pem');
    expect(textOf(`${folder}/edge-files`)).to.include('trust=/run/ws-proxy/trust');
    expect(valuesOf('ws-proxy.service', 'LogsDirectory').map((one) => `/var/log/${one}/audit.log`)).to.deep.equal([
      config.auditLog,
    ]);
  });

  it('load as credentials what the script publishes, and watch where it lies', () => {
    const script = textOf(`${folder}/edge-files`);
    for (const credential of valuesOf('ws-proxy-edge-files.service', 'LoadCredential')) {
      const [name, source] = credential.split(':');
      expect(source).to.equal(`/etc/ws-proxy/tls/${name}`);
      expect(script).to.include(`$CREDENTIALS_DIRECTORY/${name}`);
    }
    expect(valuesOf('ws-proxy-edge-files.path', 'PathChanged')).to.include('/etc/ws-proxy/tls');
    expect(valuesOf('ws-proxy-envoy.service', 'ExecStart')[0]).to.include('/run/ws-proxy-edge/envoy/envoy.yaml');
  });

  it('renew as root, who alone may read those keys, and with no capability', () => {
    expect(valuesOf('ws-proxy-renew.service', 'User')).to.deep.equal([]);
    expect(valuesOf('ws-proxy-renew.service', 'CapabilityBoundingSet')).to.deep.equal(['']);
    expect(valuesOf('ws-proxy-renew.service', 'ReadWritePaths')).to.deep.equal(['/etc/ws-proxy']);
    expect(valuesOf('ws-proxy-renew.service', 'ExecStart')).to.deep.equal(['/opt/ws-proxy/libexec/renew']);
    expect(valuesOf('ws-proxy.target', 'Wants')[0]?.split(' ')).to.include('ws-proxy-renew.timer');
    expect(valuesOf('ws-proxy-renew.timer', 'Persistent')).to.deep.equal(['yes']);
  });

  it('come with a policy that lets nobody in', () => {
    const policy = compilePolicy(textOf(`${folder}/etc/policy.yaml`));
    expect(policy).to.have.property('ok');
  });

  describe('of several replicas', () => {
    const template = 'ws-proxy@.service';
    /** What an instance says for itself, by its option's variable. */
    const own = new Map(
      valuesOf(template, 'Environment').map((line): [string, string] => {
        const [name = '', ...value] = line.split('=');
        return [name, value.join('=').replaceAll('%i', '3')];
      }),
    );
    const script = textOf(`${folder}/edge-files`);

    it('are as hardened, as patient and as roomy as the one that is alone', () => {
      const differ = ['Environment', 'EnvironmentFile', 'RuntimeDirectory', 'ExecStartPost'];
      const lines = (unit: string): string[] => {
        const [, service = ''] = textOf(`${folder}/${unit}`).split('[Service]\n');
        const settings = (service.split('\n[Install]')[0] ?? '').split('\n').filter((line) => /^\w+=/.test(line));
        return settings.filter((line) => !differ.includes(line.split('=')[0] ?? ''));
      };
      expect(lines(template)).to.deep.equal(lines('ws-proxy.service'));
    });

    it('have options that serve takes, each with sockets, a port, a name and an audit log of its own', () => {
      const known = ['WS_PROXY_REPLICA', 'WS_PROXY_LISTEN', 'WS_PROXY_CONTROL_LISTEN', 'WS_PROXY_METRICS_PORT'];
      for (const name of [...known, 'WS_PROXY_AUDIT_LOG']) {
        expect(own.get(name), name).to.match(/3/);
        expect(valuesOf(template, 'Environment').find((line) => line.startsWith(`${name}=`))).to.include('%i');
      }
      const environment = Object.fromEntries([...own].filter(([name]) => known.includes(name)));
      const file = { name: 'ws-proxy.yaml', text: textOf(`${folder}/etc/ws-proxy.yaml`) };
      const instance = loadConfig({ flags: {}, environment, file });
      expect(instance.listen).to.equal('unix:/run/ws-proxy/3/proxy.sock');
      expect(instance.metricsPort).to.equal(9463);
      expect(valuesOf(template, 'RuntimeDirectory')[0]?.split(' ')).to.include('ws-proxy/%i');
    });

    it('are told to Envoy by the addresses that they have, as they are enabled', () => {
      const told = /--replica "\$\{host%%\.\*\}-(\S+)"/
        .exec(script)?.[1]
        ?.replaceAll('$number', '3')
        .replaceAll('$own', '/run/ws-proxy/3');
      expect(told).to.equal(
        `3=${own.get('WS_PROXY_LISTEN')},health=127.0.0.1:${own.get('WS_PROXY_METRICS_PORT')},control=${own.get('WS_PROXY_CONTROL_LISTEN')}`,
      );
      const wants = '/etc/systemd/system/ws-proxy.target.wants';
      expect(script).to.include(`${wants}/ws-proxy@*.service`);
      expect(valuesOf('ws-proxy-edge-files.path', 'PathChanged')).to.include(wants);
      expect(valuesOf(template, 'WantedBy')).to.deep.equal(['ws-proxy.target']);
    });

    it('have room in Envoy for all that they serve, and in its limits for Envoy', () => {
      const each = Number(/--max-connections \$\(\(count \* (\d+)\)\)/.exec(script)?.[1]);
      expect(each).to.equal(DEFAULT_MAX_CONNECTIONS);
      expect(Number(valuesOf('ws-proxy-envoy.service', 'LimitNOFILE')[0])).to.be.at.least(openFilesFor(9 * each));
    });

    it('never run beside the one that is alone, and never without a NATS', () => {
      expect(valuesOf('ws-proxy.service', 'ConditionPathExistsGlob')).to.deep.equal([
        '!/etc/systemd/system/ws-proxy.target.wants/ws-proxy@*.service',
      ]);
      const port = /^listen: 127\.0\.0\.1:(\d+)$/m.exec(textOf(`${folder}/etc/nats.conf`))?.[1];
      expect(own.get('WS_PROXY_NATS')).to.equal(`nats://127.0.0.1:${port}`);
    });

    it('have a NATS that keeps its files where it may, and knows a client that is cut off soon', () => {
      const conf = textOf(`${folder}/etc/nats.conf`);
      const [state] = valuesOf('ws-proxy-nats.service', 'StateDirectory');
      expect(conf).to.include(`store_dir: /var/lib/${state}\n`);
      expect(conf).to.include('ping_interval: 2s').and.to.include('ping_max: 2');
    });
  });
});
