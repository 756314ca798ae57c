import Glibc
package import JSON

/// A headless Chromium, driven over its DevTools protocol through two pipes: JSON documents with a NUL behind each.
package actor Chromium {
  /// What Chromium refused, or that it is gone.
  package struct Failure: Error {
    package let what: String
  }

  /// Debian's.
  package static let program = "/usr/bin/chromium"
  package static var isInstalled: Bool { access(program, X_OK) == 0 }

  private let process: pid_t
  private let directory: String
  private let input: Int32
  private var lastID = 0
  private var waiting: [Int: CheckedContinuation<JSONValue, any Error>] = [:]
  private var hasEnded = false
  /// What pages said, in order: `method` and `params` of each event.
  private var events: [JSONValue] = []

  /// Starts one with a profile of its own.
  package init() throws {
    var template = Array("/tmp/chromium-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Failure(what: "no directory") }
    directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    var (toBrowser, fromBrowser): ([Int32], [Int32]) = ([0, 0], [0, 0])
    guard pipe(&toBrowser) == 0, pipe(&fromBrowser) == 0 else { throw Failure(what: "no pipe") }
    // Other children of this process must not hold an end open.
    for descriptor in toBrowser + fromBrowser { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    process = try Self.start(
      [
        Self.program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--remote-debugging-pipe", "--user-data-dir=" + directory, "--no-first-run", "--disable-extensions",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
        "--force-color-profile=srgb", "--lang=en-US", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      ], reading: toBrowser[0], writing: fromBrowser[1])
    close(toBrowser[0])
    close(fromBrowser[1])
    input = toBrowser[1]
    let (messages, continuation) = AsyncStream.makeStream(of: [UInt8].self)
    let output = fromBrowser[0]
    startThread { Self.read(output, continuation) }
    Task { [weak self] in
      for await message in messages { await self?.take(message) }
      await self?.end()
    }
  }

  deinit {
    close(input)
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }

  /// Ends the browser and removes its profile.
  package func stop() async {
    _ = try? await call("Browser.close")
    var status: Int32 = 0
    kill(process, SIGKILL)
    waitpid(process, &status, 0)
    Self.remove(directory)
  }

  /// Removes the profile; again where a child of the browser still wrote into it.
  private static func remove(_ directory: String) {
    let command = ["/bin/rm", "-rf", directory]
    for _ in 0..<50 where access(directory, F_OK) == 0 {
      var child: pid_t = 0
      var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
      arguments.append(nil)
      defer { for argument in arguments { free(argument) } }
      guard posix_spawn(&child, command[0], nil, nil, arguments, environ) == 0 else { return }
      var status: Int32 = 0
      waitpid(child, &status, 0)
    }
  }

  /// Starts a program that reads commands at descriptor 3 and answers at 4.
  private static func start(_ command: [String], reading: Int32, writing: Int32) throws -> pid_t {
    var process: pid_t = 0
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
    }
    // By way of high numbers, since 3 and 4 may be the pipes' own.
    posix_spawn_file_actions_adddup2(&actions, reading, 203)
    posix_spawn_file_actions_adddup2(&actions, writing, 204)
    posix_spawn_file_actions_adddup2(&actions, 203, 3)
    posix_spawn_file_actions_adddup2(&actions, 204, 4)
    posix_spawn_file_actions_addclose(&actions, 203)
    posix_spawn_file_actions_addclose(&actions, 204)
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&process, command[0], &actions, nil, arguments, environ) == 0 else {
      throw Failure(what: "could not start")
    }
    return process
  }

  private static func read(_ descriptor: Int32, _ continuation: AsyncStream<[UInt8]>.Continuation) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var message: [UInt8] = []
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      for part in buffer[..<count].split(separator: 0, maxSplits: .max, omittingEmptySubsequences: false).enumerated() {
        if part.offset > 0 {
          continuation.yield(message)
          message = []
        }
        message += part.element
      }
    }
    close(descriptor)
    continuation.finish()
  }

  private func take(_ message: [UInt8]) {
    guard let json = try? JSONValue(parsing: message) else { return }
    guard let id = json["id"]?.int else {
      events.append(json)
      return
    }
    let continuation = waiting.removeValue(forKey: id)
    if let error = json["error"]?["message"]?.string {
      continuation?.resume(throwing: Failure(what: error))
    } else {
      continuation?.resume(returning: json["result"] ?? .null)
    }
  }

  private func end() {
    hasEnded = true
    for continuation in waiting.values { continuation.resume(throwing: Failure(what: "Chromium has ended")) }
    waiting = [:]
  }

  /// Sends a command, to a page where `session` names one, and waits for the answer.
  package func call(
    _ method: String, _ parameters: JSONValue = .object([]), session: String? = nil
  ) async throws -> JSONValue {
    guard !hasEnded else { throw Failure(what: "Chromium has ended") }
    lastID += 1
    let id = lastID
    var members: [JSONValue.Member] = [
      .init("id", .integer(Int64(id))), .init("method", .string(method)), .init("params", parameters),
    ]
    if let session { members.append(.init("sessionId", .string(session))) }
    let bytes = JSONValue.object(members).bytes() + [0]
    return try await withCheckedThrowingContinuation { continuation in
      waiting[id] = continuation
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = rest.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
        guard written > 0 else { break }
        rest = rest.dropFirst(written)
      }
    }
  }

  /// The events of one page with this name so far.
  package func events(_ method: String, session: String) -> [JSONValue] {
    events.filter { $0["method"]?.string == method && $0["sessionId"]?.string == session }.compactMap { $0["params"] }
  }

  /// Opens an empty page of that size in CSS pixels.
  package func page(width: Int = 1440, height: Int = 900) async throws -> BrowserPage {
    let context = try await call("Target.createBrowserContext")
    let target = try await call(
      "Target.createTarget", ["url": "about:blank", "browserContextId": context["browserContextId"] ?? .null])
    let attached = try await call("Target.attachToTarget", ["targetId": target["targetId"] ?? .null, "flatten": true])
    guard let session = attached["sessionId"]?.string else { throw Failure(what: "no session") }
    let page = BrowserPage(browser: self, session: session)
    for domain in ["Page", "Runtime", "Log", "Network"] { _ = try await call(domain + ".enable", session: session) }
    try await page.resize(width: width, height: height)
    return page
  }
}
