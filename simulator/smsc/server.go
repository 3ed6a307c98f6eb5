// Package smsc is a carrier to test against: it speaks SMPP 3.4 over TCP or TLS, takes messages, gives receipts, sends
// what phones write, and misbehaves on request the way real carriers do (Faults).
package smsc

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"watchword/gateway/sms/encoding"
	"watchword/gateway/sms/smpp/pdu"
)

// Options configures a server. The zero value accepts every bind.
type Options struct {
	SystemID string // "": any
	Password string // "": any
	TLS      *tls.Config
	Alphabet encoding.Coding  // what data_coding 0 means; GSM7
	Now      func() time.Time // for the dates in receipts and Message.At; time.Now

	// OnMessage is called once for each complete message, before its last submission is answered. It must return soon;
	// calls for different connections may overlap.
	OnMessage func(Message)

	Log *slog.Logger // slog.Default()
}

// Message is one text as the phone would show it, put together from its segments.
type Message struct {
	ID       string // message_id of the first segment to arrive
	From, To string // E.164 with +, or as sent
	Text     string
	At       time.Time
	Segments int
	Coding   encoding.Coding
	Priority byte
	Validity string   // validity_period as sent
	IDs      []string // message_id of every segment, in the order of the parts
}

// Stats counts since the server was made.
type Stats struct {
	Connections   int    // bound now
	Submitted     uint64 // submit_sm read
	Accepted      uint64
	Throttled     uint64
	Refused       uint64 // any other error status
	Messages      uint64 // complete
	Receipts      uint64 // deliver_sm sent for receipts, repeats included
	Inbound       uint64 // deliver_sm sent for phones
	Acknowledged  uint64 // deliver_sm_resp without error
	NotStored     uint64 // deliver_sm_resp with an error: sent again later
	MostUnderway  int64  // most submissions of one connection without an answer at a time
	EnquireLinks  uint64
	RefusedBinds  uint64
	Residence     time.Duration // mean from reading a submission to its answer, under DelayResponses
	WaitingEvents int           // receipts and inbound messages without a bound receiver
}

// Server is an SMSC. Make it with New, open it with Listen or Serve, end it with Close.
type Server struct {
	o      Options
	faults atomic.Pointer[Faults]
	ids    idMaker
	delay  *delayLine
	gather reassembly

	submitted, accepted, throttled, refused, messages   atomic.Uint64
	receipts, inbound, acknowledged, notStored, enquire atomic.Uint64
	refusedBinds                                        atomic.Uint64
	mostUnderway                                        atomic.Int64
	countdown                                           atomic.Int64 // of Faults.DropAfter
	inboundRef                                          atomic.Uint32
	delayed, residence                                  atomic.Int64 // submissions and nanoseconds under DelayResponses

	mu        sync.Mutex
	listeners []net.Listener
	sessions  map[*session]bool
	waiting   map[string][]delivery // by system_id, while no receiver is bound
	limiter   limiter
	closed    bool
	work      sync.WaitGroup
}

// New makes a server without faults.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	s := &Server{o: o, sessions: make(map[*session]bool), waiting: make(map[string][]delivery)}
	s.gather.open = make(map[partKey]*partial)
	s.ids.start = uint64(time.Now().UnixNano()) >> 20 & 0xFFFFFFF << 20
	s.SetFaults(Faults{})
	s.delay = newDelayLine()
	s.work.Go(s.delay.run)
	return s
}

// Listen opens an address ("127.0.0.1:0" for a free port) and serves it in the background.
func (s *Server) Listen(address string) (net.Addr, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	s.work.Go(func() {
		if err := s.Serve(l); err != nil {
			s.o.Log.Error("the simulated carrier stopped listening", "error", err)
		}
	})
	return l.Addr(), nil
}

// Serve accepts connections until Close.
func (s *Server) Serve(l net.Listener) error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return l.Close()
	}
	s.listeners = append(s.listeners, l)
	s.mu.Unlock()
	for {
		conn, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil
		}
		if err != nil {
			return err
		}
		if s.o.TLS != nil {
			conn = tls.Server(conn, s.o.TLS)
		}
		s.work.Go(func() { newSession(s, conn).run() })
	}
}

// Close drops every line and waits until all is over.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	for _, l := range s.listeners {
		l.Close()
	}
	s.mu.Unlock()
	s.DropLine()
	s.delay.close()
	s.work.Wait()
	return nil
}

// DropLine closes every connection at once, without unbind.
func (s *Server) DropLine() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.sessions {
		c.conn.Close()
	}
}

// Stats is what has happened so far.
func (s *Server) Stats() Stats {
	st := Stats{
		Submitted: s.submitted.Load(), Accepted: s.accepted.Load(), Throttled: s.throttled.Load(), Refused: s.refused.Load(),
		Messages: s.messages.Load(), Receipts: s.receipts.Load(), Inbound: s.inbound.Load(),
		Acknowledged: s.acknowledged.Load(), NotStored: s.notStored.Load(), MostUnderway: s.mostUnderway.Load(),
		EnquireLinks: s.enquire.Load(), RefusedBinds: s.refusedBinds.Load(),
	}
	if n := s.delayed.Load(); n > 0 {
		st.Residence = time.Duration(s.residence.Load() / n)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.sessions {
		if c.kind.Load() != 0 {
			st.Connections++
		}
	}
	for _, w := range s.waiting {
		st.WaitingEvents += len(w)
	}
	return st
}

// register notes a connection; false when the server is closed.
func (s *Server) register(c *session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.sessions[c] = true
	return true
}

// leave forgets a connection and keeps what it had not acknowledged for the next receiver of the same name.
func (s *Server) leave(c *session, open []delivery) {
	s.mu.Lock()
	delete(s.sessions, c)
	s.mu.Unlock()
	for _, d := range open {
		s.send(c.systemID, nil, d)
	}
}

// receives says whether a bind kind gets deliver_sm.
func receives(kind pdu.Command) bool { return kind == pdu.BindReceiver || kind == pdu.BindTransceiver }
