package import JSON

/// One page of a ``Chromium``.
package struct BrowserPage: Sendable {
  let browser: Chromium
  let session: String

  @discardableResult
  package func call(_ method: String, _ parameters: JSONValue = .object([])) async throws -> JSONValue {
    try await browser.call(method, parameters, session: session)
  }

  package func resize(width: Int, height: Int) async throws {
    try await call(
      "Emulation.setDeviceMetricsOverride",
      [
        "width": .integer(Int64(width)), "height": .integer(Int64(height)), "deviceScaleFactor": 1,
        "mobile": .bool(width < 600),
      ])
  }

  /// `light` or `dark`, as the system would have it.
  package func prefer(scheme: String) async throws {
    try await call(
      "Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": .string(scheme)]]])
  }

  package func accept(language: String) async throws {
    try await call("Network.setExtraHTTPHeaders", ["headers": ["Accept-Language": .string(language)]])
  }

  /// Goes to an address and waits until the page's script has begun its work.
  package func open(_ url: String, until condition: String = "document.documentElement.dataset.ready === '1'")
    async throws
  {
    let answer = try await call("Page.navigate", ["url": .string(url)])
    if let error = answer["errorText"]?.string { throw Chromium.Failure(what: error) }
    try await wait("location.href !== 'about:blank' && document.readyState === 'complete' && (\(condition))")
  }

  /// The value of an expression, promises awaited.
  package func evaluate(_ expression: String) async throws -> JSONValue {
    let answer = try await call(
      "Runtime.evaluate", ["expression": .string(expression), "returnByValue": true, "awaitPromise": true])
    if let details = answer["exceptionDetails"] {
      throw Chromium.Failure(what: details["exception"]?["description"]?.string ?? details["text"]?.string ?? "thrown")
    }
    return answer["result"]?["value"] ?? .null
  }

  /// Waits until an expression is true; the page is asked again with each frame, for at most `seconds`.
  package func wait(_ condition: String, seconds: Int = 30) async throws {
    let waiting = """
      new Promise((done) => { const end = performance.now() + \(seconds * 1000);
        const look = () => { let is = false; try { is = (\(condition)); } catch {}
          if (is) done(true); else if (performance.now() > end) done(false); else setTimeout(look, 20); }; look(); })
      """
    for _ in 0..<20 {
      // A navigation ends what is asked meanwhile: then the next page is asked.
      if let value = try? await evaluate(waiting) {
        if value.bool == true { return }
        throw Chromium.Failure(what: "never so: " + condition)
      }
    }
    throw Chromium.Failure(what: "the page went away while waiting for: " + condition)
  }

  /// Presses a key, as `KeyboardEvent.key` names it.
  package func press(_ key: String) async throws {
    let text: JSONValue = key.count == 1 ? .string(key) : key == "Enter" ? "\r" : ""
    try await call("Input.dispatchKeyEvent", ["type": "keyDown", "key": .string(key), "text": text])
    try await call("Input.dispatchKeyEvent", ["type": "keyUp", "key": .string(key)])
  }

  package func type(_ text: String) async throws {
    try await call("Input.insertText", ["text": .string(text)])
  }

  /// A picture of what is in sight, as PNG in base64.
  package func screenshot() async throws -> String {
    try await call("Page.captureScreenshot", ["format": "png"])["data"]?.string ?? ""
  }

  /// What the page complained about: exceptions, errors of the console, refusals of the content security policy.
  package var complaints: [String] {
    get async {
      let thrown = await browser.events("Runtime.exceptionThrown", session: session).map {
        $0["exceptionDetails"]?["exception"]?["description"]?.string ?? "exception"
      }
      let logged = await browser.events("Log.entryAdded", session: session).compactMap { event -> String? in
        guard let entry = event["entry"], entry["level"]?.string == "error" else { return nil }
        return (entry["text"]?.string ?? "") + " " + (entry["url"]?.string ?? "")
      }
      return thrown + logged
    }
  }
}
