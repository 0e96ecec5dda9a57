// Package identity reads the certificate of a peer or an operator, and the root that it trusts.
package identity

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

// Load reads a PEM file with a certificate and its key, and one with the root of the proxy's certificate.
func Load(certificate, root string) (*tls.Config, error) {
	own, err := tls.LoadX509KeyPair(certificate, certificate)
	if err != nil {
		return nil, err
	}
	pem, err := os.ReadFile(root)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s has no certificate", root)
	}
	return &tls.Config{Certificates: []tls.Certificate{own}, RootCAs: roots}, nil
}
