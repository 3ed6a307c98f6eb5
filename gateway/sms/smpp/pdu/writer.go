package pdu

import (
	"net"
	"sync"
	"time"
)

// Writer collects units and sends all that is ready in one write. Offsets count the octets of the connection, so that it
// can be said of each unit whether any of it may have left.
type Writer struct {
	mu     sync.Mutex
	buf    []byte
	queued uint64
	taken  uint64 // handed to the connection
	wrote  uint64 // and taken by it
	wake   chan struct{}
	closed bool
	failed bool
}

// NewWriter makes a writer without a connection; Run gives it one.
func NewWriter() *Writer { return &Writer{wake: make(chan struct{}, 1)} }

// Add queues what write appends, and returns the offset of its first octet. False when the connection has ended.
func (w *Writer) Add(write func(dst []byte) []byte) (uint64, bool) {
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return 0, false
	}
	start := w.queued
	before := len(w.buf)
	w.buf = write(w.buf)
	w.queued += uint64(len(w.buf) - before)
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
	return start, true
}

// Close refuses further units and returns the offset below which units may have reached the peer.
func (w *Writer) Close() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	return w.taken
}

// Flush waits until all that was added has been written, at most so long. It is for a goodbye before closing.
func (w *Writer) Flush(limit time.Duration) {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(time.Millisecond) {
		w.mu.Lock()
		done := w.wrote == w.queued || w.failed
		w.mu.Unlock()
		if done {
			return
		}
	}
}

// Run writes until quit or a fault. A short or late write leaves the stream in pieces, so any error ends the connection.
func (w *Writer) Run(conn net.Conn, timeout time.Duration, quit <-chan struct{}) error {
	var batch []byte
	for {
		select {
		case <-w.wake:
		case <-quit:
			return nil
		}
		w.mu.Lock()
		if w.closed {
			w.mu.Unlock()
			return nil
		}
		batch, w.buf = w.buf, batch[:0]
		w.taken = w.queued
		upTo := w.queued
		w.mu.Unlock()
		if len(batch) == 0 {
			continue
		}
		err := conn.SetWriteDeadline(time.Now().Add(timeout))
		if err == nil {
			_, err = conn.Write(batch)
		}
		w.mu.Lock()
		w.wrote, w.failed = upTo, err != nil
		w.mu.Unlock()
		if err != nil {
			return err
		}
		if cap(batch) > maxKeptBuffer {
			batch = nil
		}
	}
}

const maxKeptBuffer = 256 << 10
