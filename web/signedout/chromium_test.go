package signedout_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"watchword/account/accounttest"
	"watchword/account/link"
	"watchword/base/access"
	"watchword/base/store/storetest"
)

// watch collects what the policy refused and what went wrong in a script.
const watch = `window.__wrong = [];
document.addEventListener("securitypolicyviolation", e => __wrong.push("policy: " + e.violatedDirective + " " + e.blockedURI));
addEventListener("error", e => __wrong.push("script: " + e.message));
addEventListener("unhandledrejection", e => __wrong.push("promise: " + e.reason));`

const axeRun = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
  .filter(v => v.impact === "serious" || v.impact === "critical")
  .map(v => v.impact + " " + v.id + ": " + v.nodes.slice(0, 5).map(n => n.target.join(" ")).join(" | ")))`

// eye is a real browser that looks at each page in light and dark, on a desk and on a phone.
type eye struct {
	t    *testing.T
	ctx  context.Context
	base string
	axe  string
}

func newEye(t *testing.T, base string) *eye {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if testing.Short() || path == "" {
		t.Skip("left out: Chromium (missing, or -short)")
	}
	checker, err := os.ReadFile("../look/thirdparty/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Log("axe-core is missing: accessibility is not checked; run npm --prefix web/look/thirdparty ci")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-color-profile", "srgb"))
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	e := &eye{t, ctx, base, string(checker)}
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *eye) do(steps ...chromedp.Action[chromedp.Void]) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		e.t.Fatal(err)
	}
}

func (e *eye) open(path string) { e.t.Helper(); e.do(chromedp.Navigate(e.base + path)) }

// until waits for a condition in the page, also across navigations.
func (e *eye) until(condition string) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.ctx, 60*time.Second)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](condition))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "navigated") && !strings.Contains(err.Error(), "context with specified id") {
			e.t.Fatalf("%s: %v", condition, err)
		}
	}
}

// fill types into fields by their ids, and presses the first button of the first form.
func (e *eye) fill(fields map[string]string, press bool) {
	e.t.Helper()
	for name, value := range fields {
		text, _ := json.Marshal(value)
		e.do(chromedp.Evaluate[chromedp.Void](`{const f=document.getElementById("` + name + `"); if (f.type==="checkbox") f.checked=true; else { f.value=` + string(text) + `; f.dispatchEvent(new Event("input",{bubbles:true})); }}`))
	}
	if press {
		e.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("main form button.btn-filled").click()`))
	}
}

// look checks the page as it stands: its width, the policy, axe-core, and keeps pictures where WATCHWORD_PICTURES says.
func (e *eye) look(name string) {
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

// Proves C6 (autocomplete, paste), the access rules of the look, and that every signed-out page runs under its policy
// in a real browser, light and dark, wide and narrow.
func TestPagesInChromium(t *testing.T) {
	db := storetest.OpenSQLite(t)
	h := build(t, db, func(h *house) { h.plain = true })
	e := newEye(t, h.door.BaseURL)
	maya := h.Person(t, "maya")
	codes := h.number(maya, "07400 123456")

	for _, name := range []string{"help", "terms", "privacy", "login", "forgot", "register", "setup", "operator/login", "nowhere"} {
		e.open("/" + name)
		e.look(strings.ReplaceAll(name, "/", "-"))
	}
	e.open("/register")
	e.fill(map[string]string{"username": "ana kay", "email": "ana@", "password": "short"}, true)
	e.until(`!!document.querySelector(".problems")`)
	e.look("register-mistakes")
	e.fill(map[string]string{"username": "ana", "email": "ana@example.com", "password": accounttest.Password, "terms": "yes"}, true)
	e.until(`location.pathname === "/register/waiting"`)
	e.look("register-waiting")
	token := h.Newest(t, "ana@example.com").Token(t)
	e.open(link.VerifyEmail.Path() + "?token=" + token)
	e.look("register-confirm")
	e.fill(nil, true)
	e.until(`location.pathname === "/welcome/two-factor"`)
	e.look("welcome")
	e.open("/logout")
	e.look("logout")
	e.fill(nil, true)
	e.until(`location.pathname === "/login"`)
	e.look("login-flash")
	e.fill(map[string]string{"username": "maya", "password": "wrong password here"}, true)
	e.until(`!!document.querySelector(".problems")`)
	e.look("login-wrong")
	e.fill(map[string]string{"username": "maya", "password": accounttest.Password}, true)
	e.until(`location.pathname === "/login/code"`)
	e.look("login-code")
	code := h.code()
	e.fill(map[string]string{"code": other(code)}, false) // sends itself
	e.until(`!!document.querySelector(".problems")`)
	e.look("login-code-wrong")
	e.open("/login/ways")
	e.look("login-ways")
	e.open("/login/recovery")
	e.look("login-recovery")
	e.open("/login/code")
	e.fill(map[string]string{"code": code}, false)
	e.until(`location.pathname === "/"`)
	e.open("/stepup?action=change_email&next=/")
	e.look("stepup-begin")
	e.fill(nil, true)
	e.until(`location.pathname.startsWith("/stepup") && !!document.querySelector("#password, #code")`)
	e.look("stepup-password")

	e.open("/forgot")
	e.fill(map[string]string{"username": "maya"}, true)
	e.until(`document.querySelector("h1").textContent.includes("email")`)
	e.look("forgot-sent")
	if err := h.Recovery.Answer(ctx, db); err != nil {
		t.Fatal(err)
	}
	e.open("/reset-password?token=" + h.Newest(t, "maya@example.com").Token(t))
	e.look("reset-ways")
	e.open("/reset-password/recovery")
	e.fill(map[string]string{"code": codes[0]}, true)
	e.until(`!!document.querySelector("[type=password]")`)
	e.look("reset-password")
	setUp(e, h)
}

// setUp looks at the operators' way in.
func setUp(e *eye, h *house) {
	token, err := h.Operators.Token(ctx, h.DB, access.System("serve"))
	if err != nil {
		e.t.Fatal(err)
	}
	e.open("/setup?token=" + token)
	e.fill(map[string]string{"username": "root-op", "password": accounttest.Password}, true)
	e.until(`location.pathname === "/setup/factor"`)
	e.look("setup-factor")
}
