package pdu

import (
	"encoding/binary"
	"errors"
	"io"
)

// HeaderSize is the length of every header; MaxSize the longest unit accepted: a message_payload of 64 KiB does not
// occur on SMS routes, and a peer that asks for more is out of step.
const (
	HeaderSize = 16
	MaxSize    = 64 << 10
)

// MaxSequence is the highest sequence_number (§5.1.4); 0 is not used.
const MaxSequence = 0x7FFFFFFF

// ErrLength says that command_length is below HeaderSize or above MaxSize: the stream cannot be followed any further.
var ErrLength = errors.New("smpp: impossible command_length")

// Header stands at the start of every unit (§3.2).
type Header struct {
	Command  Command
	Status   Status
	Sequence uint32
}

// Reader cuts a stream into units, however the network cut it.
type Reader struct {
	from       io.Reader
	buf        []byte
	start, end int
}

// NewReader reads from a connection with a buffer of its own, which grows only for a long unit.
func NewReader(from io.Reader) *Reader {
	return &Reader{from: from, buf: make([]byte, 16<<10)}
}

// Ready says whether Next can answer without reading from the network.
func (r *Reader) Ready() bool {
	n, err := r.pending()
	return err != nil || n > 0 && r.end-r.start >= n
}

// Next returns the next unit. The body is valid until the following call. After ErrLength the header is what was read
// of it, so that it can be answered, and the stream must be closed. io.EOF only between two units.
func (r *Reader) Next() (Header, []byte, error) {
	for {
		n, err := r.pending()
		if err != nil {
			return r.header(), nil, err
		}
		if n > 0 && r.end-r.start >= n {
			h, body := r.header(), r.buf[r.start+HeaderSize:r.start+n:r.start+n]
			r.start += n
			return h, body, nil
		}
		if err := r.fill(n); err != nil {
			if err == io.EOF && r.end > r.start {
				err = io.ErrUnexpectedEOF
			}
			return Header{}, nil, err
		}
	}
}

// pending is the length of the unit at hand, 0 while its header is incomplete.
func (r *Reader) pending() (int, error) {
	if r.end-r.start < HeaderSize {
		return 0, nil
	}
	n := binary.BigEndian.Uint32(r.buf[r.start:])
	if n < HeaderSize || n > MaxSize {
		return 0, ErrLength
	}
	return int(n), nil
}

func (r *Reader) header() Header {
	b := r.buf[r.start:]
	return Header{
		Command:  Command(binary.BigEndian.Uint32(b[4:])),
		Status:   Status(binary.BigEndian.Uint32(b[8:])),
		Sequence: binary.BigEndian.Uint32(b[12:]),
	}
}

// fill reads once, after making room for a unit of n octets.
func (r *Reader) fill(n int) error {
	switch {
	case r.start == r.end:
		r.start, r.end = 0, 0
	case r.start > 0 && (r.end == len(r.buf) || r.start+n > len(r.buf)):
		r.end = copy(r.buf, r.buf[r.start:r.end])
		r.start = 0
	}
	if n > len(r.buf) {
		bigger := make([]byte, n)
		r.end = copy(bigger, r.buf[r.start:r.end])
		r.start, r.buf = 0, bigger
	}
	got, err := r.from.Read(r.buf[r.end:])
	r.end += got
	if got > 0 {
		return nil
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

// AppendHeader writes a unit without a body: enquire_link, unbind, every refusal.
func AppendHeader(dst []byte, h Header) []byte {
	dst = binary.BigEndian.AppendUint32(dst, HeaderSize)
	dst = binary.BigEndian.AppendUint32(dst, uint32(h.Command))
	dst = binary.BigEndian.AppendUint32(dst, uint32(h.Status))
	return binary.BigEndian.AppendUint32(dst, h.Sequence)
}

// finish sets command_length of the unit that began at from.
func finish(dst []byte, from int) []byte {
	binary.BigEndian.PutUint32(dst[from:], uint32(len(dst)-from))
	return dst
}
