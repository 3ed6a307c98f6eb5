package operator_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"watchword/base/store/storetest"
	"watchword/web"
	"watchword/web/operator"
	"watchword/web/signedout/support"
)

// watch collects what the policy refused and what went wrong in a script.
const watch = `window.__wrong = [];
document.addEventListener("securitypolicyviolation", e => __wrong.push("policy: " + e.violatedDirective + " " + e.blockedURI));
addEventListener("error", e => __wrong.push("script: " + e.message));`

const axeRun = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
  .filter(v => v.impact === "serious" || v.impact === "critical")
  .map(v => v.impact + " " + v.id + ": " + v.nodes.slice(0, 5).map(n => n.target.join(" ")).join(" | ")))`

// eye is a real browser that looks at each page in light and dark, on a desk and on a phone.
type eye struct {
	t   *testing.T
	ctx context.Context
	axe string
}

func newEye(t *testing.T) *eye {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if testing.Short() || err != nil {
		t.Skip("left out: Chromium (missing, or -short)")
	}
	axe, err := os.ReadFile("../look/thirdparty/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Log("axe-core is missing: accessibility is not checked; run npm --prefix web/look/thirdparty ci")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-color-profile", "srgb"))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}); err != nil {
		t.Fatal(err)
	}
	return &eye{t, ctx, string(axe)}
}

func (e *eye) do(steps ...chromedp.Action[chromedp.Void]) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		e.t.Fatal(err)
	}
}

// look checks the page as it stands: its width, the policy, axe-core, and keeps pictures where WATCHWORD_PICTURES says.
func (e *eye) look(name, address string) {
	e.t.Helper()
	e.do(chromedp.Navigate(address))
	e.see(name)
}

// see is look at the page that stands there already.
func (e *eye) see(name string) {
	e.t.Helper()
	for _, v := range []struct {
		name          string
		width, height int64
		scheme        string
	}{{"", 1280, 800, "light"}, {"-dark", 1280, 800, "dark"}, {"-phone", 390, 844, "light"}, {"-narrow", 320, 640, "dark"}} {
		size := func(height int64) chromedp.Action[chromedp.Void] {
			return chromedp.EmulateViewport(v.width, height, func(m *emulation.SetDeviceMetricsOverrideParams, _ *emulation.SetTouchEmulationEnabledParams) {
				m.Mobile = v.width < 500
			})
		}
		e.do(size(v.height), chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: v.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
			return err
		}))
		settled, err := chromedp.Run(e.ctx, chromedp.Evaluate[[]int64](`document.fonts.ready.then(() => new Promise(r => setTimeout(() => r([document.documentElement.scrollWidth, document.documentElement.scrollHeight]), 150)))`, chromedp.EvalAwaitPromise))
		if err != nil {
			e.t.Fatal(err)
		}
		if settled[0] > v.width {
			e.t.Errorf("%s%s: %d wide in a window of %d", name, v.name, settled[0], v.width)
		}
		if dir := os.Getenv("WATCHWORD_PICTURES"); dir != "" && v.name != "-narrow" {
			e.do(size(max(settled[1], v.height)))
			picture, err := chromedp.Run(e.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				e.t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, name+v.name+".png"), picture, 0o600); err != nil {
				e.t.Fatal(err)
			}
		}
		e.check(name + v.name)
	}
}

func (e *eye) check(name string) {
	e.t.Helper()
	wrong, err := chromedp.Run(e.ctx, chromedp.Evaluate[[]string](`window.__wrong`))
	if err != nil {
		e.t.Fatal(err)
	}
	if e.axe != "" {
		e.do(chromedp.Evaluate[chromedp.Void](e.axe))
		found, err := chromedp.Run(e.ctx, chromedp.Evaluate[[]string](axeRun, chromedp.EvalAwaitPromise))
		if err != nil {
			e.t.Fatal(err)
		}
		wrong = append(wrong, found...)
	}
	for _, w := range wrong {
		e.t.Errorf("%s: %s", name, w)
	}
}

// Proves the access rules of the look for the console and the support page: light and dark, wide and narrow, under their
// policy, in a real browser (SO3, SO8, SO12).
func TestPagesInChromium(t *testing.T) {
	h := build(t, storetest.OpenSQLite(t))
	e := newEye(t)
	o := h.team()
	olga := h.operator("olga")
	h.operator("oscar")
	ask(t, h, olga)
	open := olga.Page.URL.Path
	olga.Get("/operator/people")
	olga.Submit("Find", map[string]string{"Username or email": "maya"})
	olga.Submit("Start removing the second factors", map[string]string{"How you made sure": note, "Reason": "Phone lost on the ferry"})
	started := olga.Page.URL.Path
	cancel := "/support/cancel?token=" + h.Newest(t, "maya@example.com").Token(t)
	if err := h.console.Look(ctx, h.DB, h.who(olga.Cookie(h.door.CookieName(web.OperatorCookie))), o.ID, "Ticket 12"); err != nil {
		t.Fatal(err)
	}
	base := h.onLoopback()
	e.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{URL: base, Name: "watchword_operator",
			Value: olga.Cookie(h.door.CookieName(web.OperatorCookie))})
		return err
	}))
	for name, path := range map[string]string{"requests": "/operator", "request-open": open, "request-started": started, "organisations": "/operator/organisations",
		"organisation": "/operator/organisations/" + string(o.ID), "people": "/operator/people", "operators": "/operator/operators", "log": "/operator/audit",
		"guard": "/operator/guard", "own": "/operator/security", "looking": "/settings/organisation", "support": "/support", "support-sent": "/support/sent", "support-cancel": cancel} {
		e.look("operator-"+name, base+path)
	}
	h.Later(6 * time.Minute)
	e.do(chromedp.Navigate(base+"/operator/organisations/"+string(o.ID)), chromedp.Evaluate[chromedp.Void](`document.querySelector("#suspend input[name=reason]").value = "Unpaid"; document.querySelector("#suspend form").submit()`),
		chromedp.WaitVisible("input[name=proof]"))
	e.see("operator-prove")
}

// onLoopback serves the same pages by http, as the demo does, so that the browser needs no certificate.
func (h *house) onLoopback() string {
	h.t.Helper()
	s := httptest.NewUnstartedServer(nil)
	base := "http://" + s.Listener.Addr().String()
	door, err := web.New(web.Options{DB: h.DB, BaseURL: base, Sessions: h.Sessions, Looking: h.door.Looking})
	if err != nil {
		h.t.Fatal(err)
	}
	secure := h.door
	h.door = door
	operator.Mount(door, operator.Rooms{Console: h.console, Requests: h.requests, Desk: h.Operators})
	support.Mount(door, h.requests)
	h.organisationPages()
	h.door = secure
	s.Config.Handler = http.Handler(door)
	s.Start()
	h.t.Cleanup(s.Close)
	return base
}
