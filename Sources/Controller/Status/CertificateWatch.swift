import Model
import StatusAPI

/// Takes up a new certificate of the status API when its files change, as they do when it is renewed.
actor CertificateWatch {
  /// Between two looks: a renewal comes days before the old certificate ends.
  private static let interval = Duration.seconds(60)

  nonisolated let identity: ServerIdentity
  private let clock: any WallClock
  private let log: EventLog
  /// What was said last about files that can't be used, so that it is said once.
  private var trouble: String?

  /// - Throws: ``CommandFailure`` when the files can't be used.
  init(_ files: TLSFiles, clock: any WallClock, log: EventLog) throws(CommandFailure) {
    do throws(TLSFileError) {
      identity = try ServerIdentity(files)
    } catch {
      throw CommandFailure(.usage, "--tls-cert-file and --tls-key-file: \(error)")
    }
    self.clock = clock
    self.log = log
  }

  /// Looks at the files now and then, until cancelled.
  func run() async {
    while !Task.isCancelled {
      do {
        try await clock.sleep(until: clock.now + Self.interval, tolerance: .seconds(5))
      } catch {
        return
      }
      look()
    }
  }

  /// Looks at the files now. A broken pair, such as one half renewed, leaves the one before in use.
  func look() {
    do throws(TLSFileError) {
      if try identity.reload() { log.event("tls.reloaded", .info, ["certificate": identity.files.certificate]) }
      trouble = nil
    } catch {
      guard trouble != error.description else { return }
      trouble = error.description
      log.event("tls.reload-failed", .error, ["error": error.description, "inUse": "the certificate before"])
    }
  }
}
