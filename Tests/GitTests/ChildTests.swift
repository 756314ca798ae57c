@testable import Git
import Glibc
import Model
import Testing

/// What the tests' own executable does when ``FetchChild/tests`` starts it.
@Test(.enabled(if: getenv("BELFRY_TESTS_SERVE_A_FETCH") != nil, "only in a child process of the tests"))
func `serve a fetch`() {
  _exit(serveFetchRequest(input: 0, output: 3))
}

extension FetchChild {
  /// A child process that really fetches: this executable again, with all but the answer thrown away.
  static let tests: FetchChild = {
    let script = """
      exec 3>&1 >/dev/null
      BELFRY_TESTS_SERVE_A_FETCH=1 exec "$0" --testing-library swift-testing --filter "serve a fetch"
      """
    var path = [CChar](repeating: 0, count: 4096)
    let count = max(0, readlink("/proc/self/exe", &path, path.count))
    let executable = String(decoding: path.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return FetchChild(executable: "/bin/sh", arguments: ["-c", script, executable])
  }()

  /// A stand-in that runs a shell script.
  static func script(_ text: String) -> FetchChild {
    FetchChild(executable: "/bin/sh", arguments: ["-c", text])
  }
}

@Suite struct `A child that fetches` {
  /// Whether a process that wrote its id to a file has ended, noticed by its parent or not.
  private func isGone(_ file: String) -> Bool {
    guard let text = readText(file), let id = pid_t(text.split(whereSeparator: \.isNewline).first ?? "") else {
      return false
    }
    return readText("/proc/\(id)/stat")?.contains(") Z ") ?? true
  }

  @Test func `gets the request on its standard input and answers on its output`() async throws {
    let folder = try TemporaryFolder()
    let answer = try folder.write(
      String(decoding: FetchOutcome.failed(.emptyRepository(remote: "r")).wireBytes, as: UTF8.self), to: "answer")
    let child = FetchChild.script(
      "while read -r line; do echo \"$line\"; [ \"$line\" = . ] && break; done >'\(folder.path)/got'; cat '\(answer)'")
    let request = try fetchRequest()
    #expect(await child.run(request, deadline: .seconds(30)) == .failed(.emptyRepository(remote: "r")))
    #expect(readText(folder.path + "/got") == String(decoding: request.wireBytes, as: UTF8.self))
  }

  /// In a process of its own: others read the environment while this would write it.
  @Test func `sees no secret and no setting of git in its environment`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      setenv("GIT_DIR", "/nonexistent", 1)
      let child = FetchChild.script("env >'\(folder.path)/env'; cat /proc/$$/cmdline >>'\(folder.path)/env'")
      var request = try fetchRequest()
      request.remote.credentials = .token(Secret("s3cret"))
      _ = await child.run(request, deadline: .seconds(30))
      let seen = readText(folder.path + "/env") ?? ""
      exit(seen.contains("HOME=/nonexistent") && !seen.contains("s3cret") && !seen.contains("GIT_DIR") ? 0 : 1)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `is killed at the deadline, with all that it started`() async throws {
    let folder = try TemporaryFolder()
    let child = FetchChild.script(
      "sleep 600 & echo $! >'\(folder.path)/grandchild'; echo $$ >'\(folder.path)/child'; wait")
    let outcome = await child.run(try fetchRequest(), deadline: .milliseconds(500))
    #expect(outcome == .failed(.timedOut(remote: "https://git.example.com/a", after: .milliseconds(500))))
    #expect(isGone(folder.path + "/child"))
    while !isGone(folder.path + "/grandchild") { await Task.yield() }
  }

  @Test func `is killed when the task is cancelled`() async throws {
    let folder = try TemporaryFolder()
    let child = FetchChild.script("echo $$ >'\(folder.path)/child'; sleep 600")
    let request = try fetchRequest()
    let task = Task { await child.run(request, deadline: .seconds(600)) }
    while access(folder.path + "/child", F_OK) != 0 { await Task.yield() }
    task.cancel()
    #expect(await task.value == .failed(.cancelled))
    #expect(isGone(folder.path + "/child"))
  }

  @Test func `isn't started for a task that was cancelled before`() async throws {
    let folder = try TemporaryFolder()
    let request = try fetchRequest()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return await FetchChild.script("touch '\(folder.path)/started'").run(request, deadline: .seconds(60))
    }
    task.cancel()
    #expect(await task.value == .failed(.cancelled))
    #expect(access(folder.path + "/started", F_OK) != 0)
  }

  @Test(arguments: [
    ("echo garbage", "it ended with status 0"), ("exit 3", "it ended with status 3"),
    ("echo oh no >&2; exit 1", "it ended with status 1, saying 'oh no'"),
    ("kill -SEGV $$", "it was ended by signal 11"),
    ("exec >&-; exit 4", "it ended with status 4"), ("cat /dev/zero", "it was ended by signal 9"),
  ])
  func `that says nothing sensible is reported`(script: String, words: String) async throws {
    let outcome = await FetchChild.script(script).run(try fetchRequest(), deadline: .seconds(60))
    #expect(outcome == .failed(.childFailed(detail: words)))
  }

  @Test func `that doesn't exist is reported`() async throws {
    let child = FetchChild(executable: "/nonexistent/belfry", arguments: [])
    let outcome = await child.run(try fetchRequest(), deadline: .seconds(60))
    let words = "'/nonexistent/belfry' can't be started: No such file or directory"
    #expect(outcome == .failed(.childFailed(detail: words)))
  }
}

@Suite(.enabled(if: Installed.git && Installed.python && Installed.openssl, "git, python3 or openssl is not installed"))
struct `A fetch in a process of its own` {
  @Test func `brings what is new`() async throws {
    let source = try await SourceRepository()
    let head = try await source.commit(["a.yaml": "a"])
    let mirror = try Mirror.temporary()
    let remote = try RemoteSettings(url: source.path)
    let update = try await mirror.fetch(remote, with: .tests)
    #expect(update.specs.commit == head && update.receivedObjects == 3)
    #expect(try await !mirror.fetch(remote, with: .tests).isChanged)
    let next = try await source.commit(["a.yaml": "b"])
    #expect(try await mirror.fetch(remote, with: .tests).specs.commit == next)
  }

  @Test func `hands back why it failed`() async throws {
    let mirror = try Mirror.temporary()
    let remote = try RemoteSettings(url: "/nonexistent/alerts")
    #expect(
      await failure { try await mirror.fetch(remote, with: .tests) } == .noSuchRepository(remote: "/nonexistent/alerts")
    )
  }

  @Test(arguments: ["https", "ssh", "http"])
  func `is ended when the server says nothing`(scheme: String) async throws {
    let server = try await WebServer.shared()
    let mirror = try Mirror.temporary()
    var remote = try RemoteSettings(url: "\(scheme)://localhost:\(server.silentPort)/a")
    (remote.deadline, remote.firstDeadline) = (.seconds(1), .seconds(1))
    let error = await failure { try await mirror.fetch(remote, with: .tests) }
    #expect(error == .timedOut(remote: remote.url.description, after: .seconds(1)))
  }
}

/// A request that no test really sends.
private func fetchRequest(_ url: String = "https://git.example.com/a") throws -> FetchRequest {
  FetchRequest(repository: "/nonexistent", remote: try RemoteSettings(url: url), operation: .fetch([]))
}
