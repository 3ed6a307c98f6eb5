package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
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
)

// watch collects what the policy refused and what went wrong in a script.
const watch = `window.__wrong = [];
document.addEventListener("securitypolicyviolation", e => __wrong.push("policy: " + e.violatedDirective + " " + e.blockedURI + " " + (e.sample || "")));
addEventListener("error", e => __wrong.push("script: " + e.message));
addEventListener("unhandledrejection", e => __wrong.push("promise: " + e.reason));`

// axeRun gives one line for each serious or critical finding.
const axeRun = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
  .filter(v => v.impact === "serious" || v.impact === "critical")
  .map(v => v.impact + " " + v.id + ": " + v.nodes.slice(0, 5).map(n => n.target.join(" ") + " " + (n.any[0] ? n.any[0].message : "")).join(" | ")))`

func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		t.Skip("left out: Chromium is missing; install the package chromium to see the pages checked")
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-color-profile", "srgb")}
	if conf := interFonts(t); conf != "" {
		options = append(options, chromedp.Env("FONTCONFIG_FILE="+conf))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// interFonts maps system-ui to Inter where it is installed, as in the pictures
// that the pages are compared with.
func interFonts(t *testing.T) string {
	if found, err := exec.Command("fc-match", "Inter").Output(); err != nil || !strings.HasPrefix(string(found), "Inter") {
		return ""
	}
	conf := filepath.Join(t.TempDir(), "fonts.conf")
	rule := `<match target="pattern"><test qual="any" name="family"><string>%s</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>`
	text := `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig><include>/etc/fonts/fonts.conf</include>` +
		fmt.Sprintf(rule, "system-ui") + fmt.Sprintf(rule, "sans-serif") + `</fontconfig>`
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return conf
}

func axe(t *testing.T) string {
	text, err := os.ReadFile("../thirdparty/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Run("accessibility", func(t *testing.T) {
			t.Skip("left out: axe-core is missing; run npm --prefix web/look/thirdparty ci to have accessibility checked")
		})
	}
	return string(text)
}

// view is one way of looking at a page.
type view struct {
	name          string
	width, height int64
	dark          bool
}

var views = []view{{"", 1280, 800, false}, {"-dark", 1280, 800, true}, {"-phone", 390, 844, false}, {"-phone-dark", 390, 844, true}, {"-narrow", 320, 640, false}, {"-tablet", 768, 1024, false}, {"-middle", 1000, 800, false}}

// Every sample runs under the policy without a refusal or a fault, is never
// wider than its window (down to 320), and axe-core finds nothing serious or
// critical in it, light and dark. With WATCHWORD_PICTURES set to a folder, the
// pictures are kept there; WATCHWORD_SAMPLE names the only page wanted.
func TestSamplesInChromium(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: starts Chromium")
	}
	ctx := browser(t)
	server := httptest.NewServer(handler())
	defer server.Close()
	checker := axe(t)
	if _, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watch}); err != nil {
		t.Fatal(err)
	}
	all := samples()
	for _, s := range all {
		if only := os.Getenv("WATCHWORD_SAMPLE"); only != "" && !strings.Contains(only, s.name) {
			continue
		}
		for _, v := range views {
			if (v.name == "-middle" || v.name == "-tablet") && !strings.Contains(fmt.Sprintf("%T", s.frame), "SignedIn") {
				continue
			}
			t.Run(s.name+v.name, func(t *testing.T) { visit(t, ctx, server.URL, s, v, checker) })
		}
	}
}

func visit(t *testing.T, ctx context.Context, base string, s sample, v view, checker string) {
	scheme := "light"
	if v.dark {
		scheme = "dark"
	}
	viewport := func(height int64) chromedp.Action[chromedp.Void] {
		return chromedp.EmulateViewport(v.width, height, func(m *emulation.SetDeviceMetricsOverrideParams, touch *emulation.SetTouchEmulationEnabledParams) {
			m.DeviceScaleFactor, m.Mobile = 1.5, v.width < 500
			touch.Enabled = v.width < 500
		})
	}
	media := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	})
	if err := chromedp.Do(ctx, viewport(v.height), media, chromedp.Navigate(base+"/"+s.name)); err != nil {
		t.Fatal(err)
	}
	settled, err := chromedp.Run(ctx, chromedp.Evaluate[[]int64](`document.fonts.ready.then(() => new Promise(r => setTimeout(() => r([document.documentElement.scrollWidth, document.documentElement.scrollHeight]), 150)))`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	if settled[0] > v.width {
		t.Errorf("%d wide in a window of %d", settled[0], v.width)
	}
	if dir := os.Getenv("WATCHWORD_PICTURES"); dir != "" {
		if err := chromedp.Do(ctx, viewport(max(settled[1], v.height))); err != nil {
			t.Fatal(err)
		}
		picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, s.name+v.name+".png"), picture, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wrong, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`window.__wrong`))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
	if checker == "" || strings.HasPrefix(v.name, "-narrow") {
		return
	}
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](checker)); err != nil {
		t.Fatal(err)
	}
	findings, err := chromedp.Run(ctx, chromedp.Evaluate[json.RawMessage](axeRun, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	if err := json.Unmarshal(findings, &lines); err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		t.Error(line)
	}
}
