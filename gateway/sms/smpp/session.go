package smpp

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"watchword/gateway/sms"
	"watchword/gateway/sms/smpp/pdu"
)

var (
	errSilent   = errors.New("the carrier answered nothing, not even enquire_link")
	errUnbound  = errors.New("the carrier ended the session")
	errBindLost = errors.New("the carrier says that the session is not bound")
	errNoLonger = errors.New("stopped")
)

const (
	unbindAnswer = 2 * time.Second
	lastWords    = 500 * time.Millisecond // for answers after a write has failed
)

// session is one bound connection. Its fields belong to the goroutine in serve, but for out, unacked and the channels.
type session struct {
	c       *Carrier
	conn    net.Conn
	reader  *pdu.Reader
	sends   bool
	debug   bool // every unit is logged: without numbers and texts
	out     *pdu.Writer
	in      chan []arrival
	recycle chan []arrival
	failed  chan error // by the reader
	broken  atomic.Pointer[error]
	quit    chan struct{}
	unacked atomic.Int64

	flights  map[uint32]flight
	late     map[uint32]lateFlight
	sequence uint32
	pace     *pacer
	notices  []notice
	scratch  []byte

	heard      time.Time // last unit from the peer
	enquired   time.Time // last enquire_link of ours
	unanswered int
	ending     error // set: finish after the present batch
}

// flight is a submission without an answer.
type flight struct {
	key    string
	done   func(sms.Outcome)
	at     time.Time
	offset uint64
	epoch  uint32
}

// lateFlight is one whose response time-out has passed.
type lateFlight struct {
	key string
	at  time.Time
}

func newSession(c *Carrier, conn net.Conn, reader *pdu.Reader, sends bool) *session {
	now := time.Now()
	return &session{
		c: c, conn: conn, reader: reader, sends: sends, out: pdu.NewWriter(), debug: c.o.Log.Enabled(context.Background(), slog.LevelDebug),
		in: make(chan []arrival), recycle: make(chan []arrival, 2), failed: make(chan error, 1), quit: make(chan struct{}),
		flights: make(map[uint32]flight, c.o.Window), late: make(map[uint32]lateFlight), sequence: bindSequence,
		pace: c.pace, heard: now, enquired: now,
	}
}

// run serves the session to its end and gives every submission its outcome.
func (s *session) run(ctx context.Context) error {
	var work sync.WaitGroup
	work.Go(func() { s.failed <- s.read() })
	work.Go(s.write)
	if s.sends {
		s.pace.rebound()
	}
	err := s.serve(ctx)
	if err == nil {
		s.unbind()
	}
	taken := s.out.Close()
	close(s.quit)
	s.conn.Close()
	work.Wait()
	s.settle(taken)
	if first := s.broken.Load(); first != nil {
		return *first
	}
	if err == nil {
		err = errNoLonger
	}
	return err
}

// write runs the writer. When it fails, the reader gets a moment for answers that are already there: they turn what
// would be unknown into what it is.
func (s *session) write() {
	if err := s.out.Run(s.conn, s.c.o.WriteTimeout, s.quit); err != nil {
		s.broken.Store(&err)
		s.conn.SetReadDeadline(time.Now().Add(lastWords))
	}
}

// serve is the owner's loop. It returns nil when ctx has ended and nothing is unanswered any more, or the drain time is over.
func (s *session) serve(ctx context.Context) error {
	tick := time.NewTicker(s.tickTime())
	defer tick.Stop()
	resume := time.NewTimer(time.Hour)
	defer resume.Stop()
	stop, stopping := ctx.Done(), false
	var drained <-chan time.Time
	for {
		urgent, bulk := s.lanes(stopping, resume)
		s.tell()
		if s.ending != nil {
			return s.ending
		}
		if stopping && len(s.flights) == 0 && s.unacked.Load() == 0 {
			return nil
		}
		select {
		case batch := <-s.in:
			s.take(batch)
		case j := <-urgent:
			s.submit(j)
		case j := <-bulk:
			s.submit(j)
		case <-resume.C:
		case <-tick.C:
			s.look(time.Now())
		case err := <-s.failed:
			return err
		case <-stop:
			stop, stopping = nil, true
			drained = time.After(s.c.o.DrainTimeout)
		case <-drained:
			return nil
		}
	}
}

// look does what time demands: time-outs, enquire_link, the rate for Health.
func (s *session) look(now time.Time) {
	for sequence, f := range s.flights {
		if now.Sub(f.at) >= s.c.o.ResponseTimeout {
			s.forget(sequence)
			s.pace.lost(f.epoch)
			s.late[sequence] = lateFlight{f.key, f.at}
			s.notices = append(s.notices, notice{done: f.done, outcome: sms.Outcome{Kind: sms.Unknown, Reason: "no_response", At: f.at}})
		}
	}
	for sequence, l := range s.late {
		if now.Sub(l.at) >= s.c.o.ResponseTimeout+s.c.o.LateFor {
			delete(s.late, sequence)
		}
	}
	if s.sends {
		s.c.setHealth(func(h *sms.Health) { h.Rate = s.pace.rate })
	}
	s.enquire(now)
}

// enquire asks whether the peer is alive after silence, or always at the interval when the SMSC wants that. Two
// questions without any sign of life end the session.
func (s *session) enquire(now time.Time) {
	since := s.heard
	if s.c.o.EnquireAlways || s.enquired.After(since) {
		since = s.enquired
	}
	if now.Sub(since) < s.c.o.EnquireInterval {
		return
	}
	if s.unanswered >= 2 {
		s.ending = errSilent
		return
	}
	s.unanswered++
	s.enquired = now
	sequence := s.next()
	s.trace("carrier asked whether it is there", "sequence", sequence, "unanswered", s.unanswered)
	s.out.Add(func(dst []byte) []byte {
		return pdu.AppendHeader(dst, pdu.Header{Command: pdu.EnquireLink, Sequence: sequence})
	})
}

// trace logs one step of the session for whoever hunts a fault.
func (s *session) trace(what string, args ...any) {
	if s.debug {
		s.c.o.Log.Debug(what, append([]any{"carrier", s.c.o.Name}, args...)...)
	}
}

func (s *session) tickTime() time.Duration {
	return min(250*time.Millisecond, max(5*time.Millisecond, min(s.c.o.ResponseTimeout, s.c.o.EnquireInterval)/4))
}

func (s *session) tell() {
	if len(s.notices) > 0 {
		s.c.notify.put(s.notices...)
		clear(s.notices)
		s.notices = s.notices[:0]
	}
}

// unbind says goodbye and waits a little for the answer, so that the last acknowledgements are on the line.
func (s *session) unbind() {
	sequence := s.next()
	s.out.Add(func(dst []byte) []byte {
		return pdu.AppendHeader(dst, pdu.Header{Command: pdu.Unbind, Sequence: sequence})
	})
	answer := time.After(unbindAnswer)
	for s.ending == nil {
		select {
		case batch := <-s.in:
			s.take(batch)
			s.tell()
		case <-s.failed:
			return
		case <-answer:
			return
		}
	}
}

// settle ends what is still open: it never left, or nobody knows.
func (s *session) settle(taken uint64) {
	s.trace("carrier session over", "unanswered_texts", len(s.flights))
	for sequence, f := range s.flights {
		outcome := sms.Outcome{Kind: sms.Unknown, Reason: "disconnected", At: f.at}
		if f.offset >= taken {
			outcome = sms.Outcome{Kind: sms.NotSent, Reason: "disconnected"}
		}
		s.forget(sequence)
		s.notices = append(s.notices, notice{done: f.done, outcome: outcome})
	}
	s.tell()
}
