//go:build pin

// Package h2spec pins the HTTP/2 checker of `npm run verify`: go.sum has the hash of it and of all that it needs.
package h2spec

import _ "github.com/summerwind/h2spec/cmd/h2spec"
