/**
 * Attribute types by OID, with the short names that Envoy's TLS library (BoringSSL) writes in a distinguished name. It writes every
 * other type as its OID with a `#hex` value (RFC 4514 §2.4), and so does this code.
 */
const arcs: Readonly<Record<string, string>> = {
  '2.5.4.':
    '3 CN,4 SN,5 serialNumber,6 C,7 L,8 ST,9 street,10 O,11 OU,12 title,13 description,14 searchGuide,15 businessCategory,' +
    '16 postalAddress,17 postalCode,18 postOfficeBox,19 physicalDeliveryOfficeName,20 telephoneNumber,21 telexNumber,' +
    '22 teletexTerminalIdentifier,23 facsimileTelephoneNumber,24 x121Address,25 internationaliSDNNumber,' +
    '26 registeredAddress,27 destinationIndicator,28 preferredDeliveryMethod,29 presentationAddress,' +
    '30 supportedApplicationContext,31 member,32 owner,33 roleOccupant,34 seeAlso,35 userPassword,36 userCertificate,' +
    '37 cACertificate,38 authorityRevocationList,39 certificateRevocationList,40 crossCertificatePair,41 name,42 GN,' +
    '43 initials,44 generationQualifier,45 x500UniqueIdentifier,46 dnQualifier,47 enhancedSearchGuide,' +
    '48 protocolInformation,49 distinguishedName,50 uniqueMember,51 houseIdentifier,52 supportedAlgorithms,' +
    '53 deltaRevocationList,54 dmdName,65 pseudonym,72 role',
  '1.2.840.113549.1.9.':
    '1 emailAddress,2 unstructuredName,3 contentType,4 messageDigest,5 signingTime,6 countersignature,' +
    '7 challengePassword,8 unstructuredAddress,9 extendedCertificateAttributes,14 extReq,15 SMIME-CAPS,16 SMIME,' +
    '20 friendlyName,21 localKeyID',
  '0.9.2342.19200300.100.1.':
    '1 UID,2 textEncodedORAddress,3 mail,4 info,5 favouriteDrink,6 roomNumber,7 photo,8 userClass,9 host,10 manager,' +
    '11 documentIdentifier,12 documentTitle,13 documentVersion,14 documentAuthor,15 documentLocation,' +
    '20 homeTelephoneNumber,21 secretary,22 otherMailbox,23 lastModifiedTime,24 lastModifiedBy,25 DC,26 aRecord,' +
    '27 pilotAttributeType27,28 mXRecord,29 nSRecord,30 sOARecord,31 cNAMERecord,37 associatedDomain,38 associatedName,' +
    '39 homePostalAddress,40 personalTitle,41 mobileTelephoneNumber,42 pagerTelephoneNumber,43 friendlyCountryName,' +
    '45 organizationalStatus,46 janetMailbox,47 mailPreferenceOption,48 buildingName,49 dSAQuality,50 singleLevelQuality,' +
    '51 subtreeMinimumQuality,52 subtreeMaximumQuality,53 personalSignature,54 dITRedirect,55 audio,56 documentPublisher',
  '1.3.6.1.4.1.311.20.2.': '2 msSmartcardLogin,3 msUPN',
};

const nameByOid = new Map<string, string>();
for (const [arc, members] of Object.entries(arcs)) {
  for (const member of members.split(',')) {
    const [number = '', name = ''] = member.split(' ');
    nameByOid.set(arc + number, name);
  }
}

/** Other names of attribute types, as OpenSSL, Windows, Java and people write them, each with its OID. */
const aliases: ReadonlyMap<string, string> = new Map(
  Object.entries({
    commonName: '2.5.4.3',
    surname: '2.5.4.4',
    countryName: '2.5.4.6',
    localityName: '2.5.4.7',
    stateOrProvinceName: '2.5.4.8',
    S: '2.5.4.8',
    streetAddress: '2.5.4.9',
    organizationName: '2.5.4.10',
    organizationalUnitName: '2.5.4.11',
    T: '2.5.4.12',
    givenName: '2.5.4.42',
    G: '2.5.4.42',
    organizationIdentifier: '2.5.4.97',
    E: '1.2.840.113549.1.9.1',
    email: '1.2.840.113549.1.9.1',
    userId: '0.9.2342.19200300.100.1.1',
    domainComponent: '0.9.2342.19200300.100.1.25',
    jurisdictionL: '1.3.6.1.4.1.311.60.2.1.1',
    jurisdictionLocalityName: '1.3.6.1.4.1.311.60.2.1.1',
    jurisdictionST: '1.3.6.1.4.1.311.60.2.1.2',
    jurisdictionStateOrProvinceName: '1.3.6.1.4.1.311.60.2.1.2',
    jurisdictionC: '1.3.6.1.4.1.311.60.2.1.3',
    jurisdictionCountryName: '1.3.6.1.4.1.311.60.2.1.3',
  }).map(([name, oid]) => [name.toUpperCase(), oid]),
);

const shortNames: ReadonlySet<string> = new Set([...nameByOid.values()].map((name) => name.toUpperCase()));

/** The short name of an OID, or undefined. */
export function typeNameOf(oid: string): string | undefined {
  return nameByOid.get(oid);
}

/**
 * The one spelling of an attribute type, whichever name a person used: the short name in upper case, or the dotted OID of a type
 * without one.
 */
export function canonicalType(type: string): string {
  const upper = type.toUpperCase();
  const oid = shortNames.has(upper) ? type : (aliases.get(upper) ?? type);
  return (nameByOid.get(oid) ?? oid).toUpperCase();
}

/** Whether a certificate can have an attribute of this type: `type` is a known name or an OID. */
export function isKnownType(type: string): boolean {
  const upper = type.toUpperCase();
  return /^\d+(?:\.\d+)+$/.test(type) || shortNames.has(upper) || aliases.has(upper);
}
