package house

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"watchword/base/store"
	"watchword/support/request"
)

// bounds of the request histogram, in seconds.
var requestBounds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}

// meter counts what only the house sees. It costs a few atomic additions a request.
type meter struct {
	classes [6]atomic.Uint64
	buckets [13]atomic.Uint64
	nanos   atomic.Uint64
	mail    mailLook
}

func (m *meter) request(status int, took time.Duration) {
	m.classes[min(max(status/100, 0), 5)].Add(1)
	m.nanos.Add(uint64(took))
	for i, b := range requestBounds {
		if took.Seconds() <= b {
			m.buckets[i].Add(1)
			return
		}
	}
	m.buckets[len(requestBounds)].Add(1)
}

// Metrics is the page for Prometheus. Everything is read when it is asked for.
func (h *House) Metrics() http.Handler {
	r := prometheus.NewRegistry()
	r.MustRegister(prometheus.CollectorFunc(h.collect))
	return promhttp.HandlerFor(r, promhttp.HandlerOpts{})
}

func (h *House) collect(out chan<- prometheus.Metric) {
	count := func(name, help string, v float64, labels ...string) {
		send(out, prometheus.CounterValue, name, help, v, labels...)
	}
	gauge := func(name, help string, v float64, labels ...string) {
		send(out, prometheus.GaugeValue, name, help, v, labels...)
	}
	commits, operations := h.DB.Counts()
	count("watchword_database_commits_total", "Durable commits.", float64(commits))
	count("watchword_database_operations_total", "Writing operations; several may share a commit.", float64(operations))
	counts(h.Texts.Counts(), func(what string, v float64) {
		if what == "waiting" {
			gauge("watchword_texts_waiting", "Bulk texts not yet taken out.", v)
			return
		}
		count("watchword_texts_total", "Texts by what happened to them.", v, "event", what)
	})
	counts(h.Mails.Counts(), func(what string, v float64) {
		count("watchword_mails_total", "Mails by what happened to them.", v, "event", what)
	})
	for _, c := range h.Texts.Health() {
		up := 0.0
		if c.Up {
			up = 1
		}
		gauge("watchword_carrier_up", "1 when the carrier is connected.", up, "carrier", c.Name)
		gauge("watchword_carrier_in_flight", "Submissions without an answer.", float64(c.InFlight), "carrier", c.Name)
		gauge("watchword_carrier_window", "Submissions that may be without an answer.", float64(c.Window), "carrier", c.Name)
		gauge("watchword_carrier_rate", "Segments a second allowed now; 0 means no limit.", c.Rate, "carrier", c.Name)
		count("watchword_carrier_segments_total", "Segments handed over.", float64(c.Sent), "carrier", c.Name)
		count("watchword_carrier_throttled_total", "Answers that asked for less.", float64(c.Throttles), "carrier", c.Name)
	}
	for i := 1; i < len(h.meter.classes); i++ {
		count("watchword_http_requests_total", "Answered requests by class of status.", float64(h.meter.classes[i].Load()), "class", string(rune('0'+i))+"xx")
	}
	h.collectRequests(gauge)
	h.collectTimes(out)
	h.events.collect(count)
	gauge("watchword_clock_offset_seconds", "How far the clock was moved (demo and staging).", h.DB.Clock().Offset().Seconds())
}

// collectRequests reads how many people wait for support. A database that does not answer leaves the number out.
func (h *House) collectRequests(gauge func(name, help string, v float64, labels ...string)) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var n int
	err := h.DB.ReadOne(ctx, func(tx *store.Tx) (err error) {
		n, err = request.Waiting(tx)
		return err
	})
	if err == nil {
		gauge("watchword_support_requests_waiting", "Requests that no operator has taken, or that wait for a second one.", float64(n))
	}
}

func (h *House) collectTimes(out chan<- prometheus.Metric) {
	buckets, total := map[float64]uint64{}, uint64(0)
	for i, b := range requestBounds {
		total += h.meter.buckets[i].Load()
		buckets[b] = total
	}
	total += h.meter.buckets[len(requestBounds)].Load()
	d := prometheus.NewDesc("watchword_http_request_seconds", "Time to answer a request.", nil, nil)
	out <- prometheus.MustNewConstHistogram(d, total, time.Duration(h.meter.nanos.Load()).Seconds(), buckets)
}

func send(out chan<- prometheus.Metric, kind prometheus.ValueType, name, help string, v float64, labels ...string) {
	var names, values []string
	for i := 0; i+1 < len(labels); i += 2 {
		names, values = append(names, labels[i]), append(values, labels[i+1])
	}
	out <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, help, names, nil), kind, v, values...)
}

// counts walks the numbers of a snapshot; a field's name becomes the event: Received "PutBack", told "put_back".
func counts(snapshot any, f func(what string, v float64)) {
	v := reflect.ValueOf(snapshot)
	for i := range v.NumField() {
		switch x := v.Field(i); x.Kind() {
		case reflect.Uint64:
			f(snake(v.Type().Field(i).Name), float64(x.Uint()))
		case reflect.Int64, reflect.Int:
			f(snake(v.Type().Field(i).Name), float64(x.Int()))
		}
	}
}

func snake(s string) string {
	var b strings.Builder
	for i, r := range s {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
