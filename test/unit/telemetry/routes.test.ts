import { expect } from 'chai';
import fc from 'fast-check';
import { RouteError, Routes } from '../../../proxy/telemetry/calls/routes.js';

describe('telemetry: routes', () => {
  it('matches segment by segment; a literal wins over a name, and a name over nothing', () => {
    const routes = new Routes(['/', '/a/{x}', '/a/b', '/a/{x}/c', '/{y}/d']);
    expect(routes.match('/')).to.equal('/');
    expect(routes.match('/a/b')).to.equal('/a/b');
    expect(routes.match('/a/z')).to.equal('/a/{x}');
    expect(routes.match('/a/b/c')).to.equal('/a/{x}/c');
    expect(routes.match('/a/d')).to.equal('/a/{x}');
    expect(routes.match('/q/d')).to.equal('/{y}/d');
    for (const path of ['', 'a/b', '/a', '/a/', '/a/b/', '/a/b/c/d', '//d'])
      expect(routes.match(path), path).to.equal(undefined);
  });

  it('names what is wrong with a template', () => {
    expect(() => new Routes(['a'])).to.throw(RouteError, 'route template "a" does not start with /');
    expect(() => new Routes(['/a{b}'])).to.throw(RouteError, '"a{b}" is neither a literal nor a {name}');
    expect(() => new Routes(['/{a}', '/{b}'])).to.throw(RouteError, '"/{a}" and "/{b}" match the same paths');
    expect(() => new Routes(Array.from({ length: 101 }, (_, i) => `/${i}`))).to.throw(
      RouteError,
      '101 route templates',
    );
  });

  it('matches the path that any of its templates is filled in to', () => {
    const segment = fc.stringMatching(/^[a-z]{1,3}$/);
    const template = fc.array(
      fc.oneof(
        segment,
        segment.map((name) => `{${name}}`),
      ),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(template, segment, (segments, filler) => {
        const path = `/${segments.map((one) => (one.startsWith('{') ? filler : one)).join('/')}`;
        expect(new Routes([`/${segments.join('/')}`]).match(path)).to.equal(`/${segments.join('/')}`);
      }),
    );
  });
});
