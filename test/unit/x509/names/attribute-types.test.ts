import { expect } from 'chai';
import { canonicalType, isKnownType, typeNameOf } from '../../../../proxy/x509/names/attribute-types.js';

describe('attribute types', () => {
  it('have one spelling, whichever tool named them', () => {
    for (const [canonical, ...names] of [
      ['O', 'o', 'organizationName', '2.5.4.10'],
      ['EMAILADDRESS', 'emailAddress', 'E', 'email', '1.2.840.113549.1.9.1'],
      ['ST', 'S', 'stateOrProvinceName', '2.5.4.8'],
      ['2.5.4.97', 'organizationIdentifier', 'ORGANIZATIONIDENTIFIER'],
      ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC', 'jurisdictionCountryName'],
      ['1.2.3.4'],
    ]) {
      for (const name of [canonical ?? '', ...names]) {
        expect(canonicalType(name), name).to.equal(canonical);
        expect(isKnownType(name), name).to.equal(true);
      }
    }
  });

  it('that nobody knows by name are not taken for known', () => {
    for (const name of ['CM', 'organisation', 'constructor', '', '2', '2.5.', 'a.b']) {
      expect(isKnownType(name), name).to.equal(false);
    }
  });

  it('without a short name in Envoy keep their OID, whatever else they are called', () => {
    expect(typeNameOf('2.5.4.97')).to.equal(undefined);
    expect(typeNameOf('2.5.4.3')).to.equal('CN');
  });
});
