import { expect } from 'chai';
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
    for (const unit of services.filter((one) => one !== 'ws-proxy-renew.service')) {
      expect(valuesOf(unit, 'User'), unit).to.deep.equal(['ws-proxy']);
    }
    expect(textOf(`${folder}/ws-proxy.sysusers.conf`)).to.match(/^u ws-proxy /);
  });

  it('never deny memory that is both writable and executable: JavaScript is compiled at run time', () => {
    for (const unit of services) expect(valuesOf(unit, 'MemoryDenyWriteExecute'), unit).to.deep.equal([]);
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
});
