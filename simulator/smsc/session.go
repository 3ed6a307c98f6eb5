package smsc

import (
	"crypto/subtle"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"watchword/gateway/sms/smpp/pdu"
)

const writeTimeout = 30 * time.Second

// session is one connection. The reader's goroutine handles every unit; open is shared with those who deliver.
type session struct {
	server   *Server
	conn     net.Conn
	out      *pdu.Writer
	kind     atomic.Uint32 // the bind command, 0 before
	systemID string
	quit     chan struct{}
	underway atomic.Int64 // submissions without an answer yet

	mu       sync.Mutex
	open     map[uint32]delivery // deliver_sm without an answer
	sequence uint32
	gone     bool
}

func newSession(s *Server, conn net.Conn) *session {
	return &session{server: s, conn: conn, out: pdu.NewWriter(), quit: make(chan struct{}), open: make(map[uint32]delivery)}
}

func (c *session) run() {
	defer c.conn.Close()
	if !c.server.register(c) {
		return
	}
	var writing sync.WaitGroup
	writing.Go(func() {
		if err := c.out.Run(slowConn{c.conn, c.server}, writeTimeout, c.quit); err != nil {
			c.conn.Close()
		}
	})
	reader := pdu.NewReader(c.conn)
	for {
		h, body, err := reader.Next()
		if err == pdu.ErrLength {
			c.answerHeader(pdu.Header{Command: pdu.GenericNack, Status: pdu.InvCmdLen, Sequence: h.Sequence})
		}
		if err != nil || !c.handle(h, body) {
			break
		}
	}
	c.finish(&writing)
}

// finish lets the writer send what is ready (the answer to unbind), then closes.
func (c *session) finish(writing *sync.WaitGroup) {
	c.out.Flush(time.Second)
	c.out.Close()
	close(c.quit)
	c.conn.Close()
	writing.Wait()
	c.mu.Lock()
	c.gone = true
	open := make([]delivery, 0, len(c.open))
	for _, d := range c.open {
		open = append(open, d)
	}
	c.mu.Unlock()
	c.server.leave(c, open)
}

// handle acts on one unit; false ends the connection.
func (c *session) handle(h pdu.Header, body []byte) bool {
	f := c.server.faults.Load()
	if f.Deaf && c.kind.Load() != 0 {
		return true
	}
	switch h.Command {
	case pdu.BindTransceiver, pdu.BindTransmitter, pdu.BindReceiver:
		return c.bind(f, h, body)
	case pdu.EnquireLink:
		c.server.enquire.Add(1)
		c.answerHeader(pdu.Header{Command: pdu.EnquireLinkResp, Sequence: h.Sequence})
	case pdu.Unbind:
		c.answerHeader(pdu.Header{Command: pdu.UnbindResp, Sequence: h.Sequence})
		return false
	case pdu.SubmitSM, pdu.DataSM:
		return c.submit(f, h, body)
	case pdu.DeliverSMResp, pdu.DataSMResp:
		c.acknowledged(h)
	case pdu.QuerySM:
		c.answerHeader(pdu.Header{Command: pdu.QuerySMResp, Status: 0x67, Sequence: h.Sequence})
	case pdu.CancelSM:
		c.answerHeader(pdu.Header{Command: pdu.CancelSMResp, Status: 0x11, Sequence: h.Sequence})
	default:
		if !h.Command.IsResponse() {
			c.answerHeader(pdu.Header{Command: pdu.GenericNack, Status: pdu.InvCmdID, Sequence: h.Sequence})
		}
	}
	return true
}

func (c *session) bind(f *Faults, h pdu.Header, body []byte) bool {
	refuse := func(status pdu.Status) bool {
		c.server.refusedBinds.Add(1)
		c.answerHeader(pdu.Header{Command: h.Command.Response(), Status: status, Sequence: h.Sequence})
		return false
	}
	b, err := pdu.ParseBind(body)
	o := &c.server.o
	switch {
	case err != nil:
		return refuse(pdu.InvMsgLen)
	case c.kind.Load() != 0:
		return refuse(pdu.AlreadyBound)
	case f.RefuseBind != 0:
		return refuse(pdu.Status(f.RefuseBind))
	case o.SystemID != "" && b.SystemID != o.SystemID:
		return refuse(pdu.InvSystemID)
	case o.Password != "" && subtle.ConstantTimeCompare([]byte(b.Password), []byte(o.Password)) == 0:
		return refuse(pdu.InvPassword)
	}
	c.systemID = b.SystemID
	version := pdu.NumberTLV(pdu.TagSCInterfaceVersion, uint16(pdu.Version), 1)
	c.answer(func(dst []byte) []byte {
		return pdu.AppendText(dst, pdu.Header{Command: h.Command.Response(), Sequence: h.Sequence}, "simulator", version)
	})
	c.server.bound(c, h.Command)
	return true
}

func (c *session) answerHeader(h pdu.Header) {
	c.answer(func(dst []byte) []byte { return pdu.AppendHeader(dst, h) })
}

func (c *session) answer(write func(dst []byte) []byte) { c.out.Add(write) }

// slowConn writes one octet at a time while Faults.ByteByByte is set.
type slowConn struct {
	net.Conn
	server *Server
}

func (c slowConn) Write(b []byte) (int, error) {
	if !c.server.faults.Load().ByteByByte {
		return c.Conn.Write(b)
	}
	for i := range b {
		if _, err := c.Conn.Write(b[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(b), nil
}
