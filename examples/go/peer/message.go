package peer

import "encoding/json"

// Message is what peers say to each other. Fields that are not here belong to others, and are passed over.
type Message struct {
	// ID is a number or a text. It is kept as it came, since the answer has to name it.
	ID               json.RawMessage `json:"messageId"`
	Type             string          `json:"messageType"`
	RequiresResponse bool            `json:"requiresResponse"`
	InResponseTo     json.RawMessage `json:"inResponseTo,omitempty"`

	PeerClass string `json:"peerClass,omitempty"`
	PeerID    string `json:"peerId,omitempty"`

	Method     string `json:"method,omitempty"`
	Path       string `json:"path,omitempty"`
	StatusCode int    `json:"statusCode,omitempty"`

	// Body is a JSON value where DataFormat is JSON, base64 text where it is Bytes, and text otherwise.
	DataFormat string          `json:"dataFormat,omitempty"`
	Body       json.RawMessage `json:"messageBody,omitempty"`
}

const (
	JSON  = "application/json"
	Bytes = "application/octet-stream"
)

type envelope struct {
	Message Message `json:"message"`
}
