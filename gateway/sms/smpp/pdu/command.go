// Package pdu reads and writes the protocol data units of SMPP 3.4. Clauses named in comments are those of
// "Short Message Peer to Peer Protocol Specification v3.4, Issue 1.2". It keeps no state and knows no connection policy.
package pdu

import "fmt"

// Command is a command_id (§5.1.2.1). A response has the highest bit set.
type Command uint32

// The commands that Watchword and its simulator understand.
const (
	GenericNack         Command = 0x80000000
	BindReceiver        Command = 0x00000001
	BindReceiverResp    Command = 0x80000001
	BindTransmitter     Command = 0x00000002
	BindTransmitterResp Command = 0x80000002
	QuerySM             Command = 0x00000003
	QuerySMResp         Command = 0x80000003
	SubmitSM            Command = 0x00000004
	SubmitSMResp        Command = 0x80000004
	DeliverSM           Command = 0x00000005
	DeliverSMResp       Command = 0x80000005
	Unbind              Command = 0x00000006
	UnbindResp          Command = 0x80000006
	CancelSM            Command = 0x00000008
	CancelSMResp        Command = 0x80000008
	BindTransceiver     Command = 0x00000009
	BindTransceiverResp Command = 0x80000009
	Outbind             Command = 0x0000000B
	EnquireLink         Command = 0x00000015
	EnquireLinkResp     Command = 0x80000015
	AlertNotification   Command = 0x00000102
	DataSM              Command = 0x00000103
	DataSMResp          Command = 0x80000103
)

const responseBit Command = 0x80000000

// IsResponse says whether the unit answers another one.
func (c Command) IsResponse() bool { return c&responseBit != 0 }

// Response is the command that answers c.
func (c Command) Response() Command { return c | responseBit }

// Status is a command_status (§5.1.3). Every value may arrive: 0x400 and above mean what each vendor says.
type Status uint32

// The statuses that are acted upon or sent.
const (
	OK               Status = 0x00
	InvMsgLen        Status = 0x01
	InvCmdLen        Status = 0x02
	InvCmdID         Status = 0x03
	InvBindStatus    Status = 0x04
	AlreadyBound     Status = 0x05
	SystemError      Status = 0x08
	InvSourceAddr    Status = 0x0A
	InvDestAddr      Status = 0x0B
	InvMsgID         Status = 0x0C
	BindFailed       Status = 0x0D
	InvPassword      Status = 0x0E
	InvSystemID      Status = 0x0F
	MsgQueueFull     Status = 0x14
	InvDestList      Status = 0x33
	InvDestFlag      Status = 0x34
	InvESMClass      Status = 0x43
	SubmitFailed     Status = 0x45
	Throttled        Status = 0x58
	InvTLVStream     Status = 0xC0
	TempAppError     Status = 0x64
	PermAppError     Status = 0x65
	DeliveryFailure  Status = 0xFE
	UnknownError     Status = 0xFF
	firstVendorValue Status = 0x400
)

var statusNames = map[Status]string{
	OK: "ok", InvMsgLen: "invalid_message_length", InvCmdLen: "invalid_command_length", InvCmdID: "invalid_command",
	InvBindStatus: "invalid_bind_status", AlreadyBound: "already_bound", 0x06: "invalid_priority",
	0x07: "invalid_registered_delivery", SystemError: "system_error", InvSourceAddr: "invalid_source",
	InvDestAddr: "invalid_destination", InvMsgID: "invalid_message_id", BindFailed: "bind_failed",
	InvPassword: "invalid_password", InvSystemID: "invalid_system_id", 0x11: "cancel_failed", 0x13: "replace_failed",
	MsgQueueFull: "queue_full", 0x15: "invalid_service_type", InvDestList: "invalid_destinations",
	InvDestFlag: "invalid_destination_flag", 0x42: "invalid_submit_operation", InvESMClass: "invalid_esm_class",
	0x44: "cannot_submit_to_list", SubmitFailed: "submit_failed", 0x48: "invalid_source_ton", 0x49: "invalid_source_npi",
	0x50: "invalid_destination_ton", 0x51: "invalid_destination_npi", 0x53: "invalid_system_type", 0x54: "invalid_replace_flag",
	0x55: "invalid_number_of_messages", Throttled: "throttled", 0x61: "invalid_schedule", 0x62: "invalid_validity",
	0x63: "invalid_predefined_message", TempAppError: "temporary_receiver_error", PermAppError: "permanent_receiver_error",
	0x66: "receiver_reject", 0x67: "query_failed", InvTLVStream: "invalid_optional_parameters", 0xC1: "parameter_not_allowed",
	0xC2: "invalid_parameter_length", 0xC3: "missing_parameter", 0xC4: "invalid_parameter_value",
	DeliveryFailure: "delivery_failure", UnknownError: "unknown_error",
}

// String is a stable word for logs and for Outcome.Reason, "status_0x…" for those without a name in the specification.
func (s Status) String() string {
	if name, ok := statusNames[s]; ok {
		return name
	}
	if s >= firstVendorValue {
		return fmt.Sprintf("vendor_0x%x", uint32(s))
	}
	return fmt.Sprintf("status_0x%02x", uint32(s))
}

// Bits of esm_class (§5.2.12).
const (
	TypeMask       byte = 0x3C // the message type bits
	TypeReceipt    byte = 0x04 // delivery receipt
	TypeInterim    byte = 0x20 // intermediate delivery notification
	HasUDH         byte = 0x40 // short_message begins with a user data header
	StoreForward   byte = 0x03
	DatagramMode   byte = 0x01
	DefaultESMMode byte = 0x00
)

// Type of number and numbering plan (§5.2.5, §5.2.6).
const (
	TONUnknown       byte = 0
	TONInternational byte = 1
	TONNational      byte = 2
	TONNetwork       byte = 3
	TONAlphanumeric  byte = 5
	NPIUnknown       byte = 0
	NPIISDN          byte = 1
)
