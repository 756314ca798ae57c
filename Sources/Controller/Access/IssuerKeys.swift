import JSON
import Model
import StatusAPI

/// The keys of an OpenID Connect issuer, looked up on a schedule of their own and when a token names one that is new.
actor IssuerKeys: KeySource {
  /// How often the issuer is asked without a reason.
  private static let interval = Duration.seconds(600)
  /// The least time between two looks, whatever tokens name.
  private static let pause = Duration.seconds(10)
  /// The longest time between two looks while they fail.
  private static let longestPause = Duration.seconds(300)
  /// How long keys stay good while the issuer can't be asked.
  private static let lifetime = Duration.seconds(24 * 3600)
  /// The largest document taken, in bytes.
  private static let limit = 512 * 1024

  /// What became of looks, for metrics.
  struct Counters: Sendable {
    var succeeded = 0
    var failed = 0
    var keys = 0
    var lastSuccessAt: Timestamp?
  }

  /// Why a look brought nothing; for the log.
  private struct Failure: Error {
    let message: String
  }

  private let settings: OIDCSettings
  private let transport: any HTTPTransport
  private let egress: EgressPolicy
  private let clock: any WallClock
  private let log: EventLog
  private var known: JSONWebKeySet?
  private var lookedAt: Timestamp?
  private var look: Task<Void, Never>?
  private var failures = 0
  private var trouble: String?
  private(set) var counters = Counters()

  init(
    _ settings: OIDCSettings, transport: any HTTPTransport, egress: EgressPolicy, clock: any WallClock, log: EventLog
  ) {
    self.settings = settings
    self.transport = transport
    self.egress = egress
    self.clock = clock
    self.log = log
  }

  func keys(for keyID: String?) async throws(KeysUnavailable) -> JSONWebKeySet {
    let isLacking = known.map { known in keyID.map { !known.has($0) } ?? false } ?? true
    if isLacking, look != nil || lookedAt.map({ clock.now - $0 >= Self.pause || clock.now < $0 }) ?? true {
      await lookNow()
    }
    guard let known, let lastSuccessAt = counters.lastSuccessAt, clock.now - lastSuccessAt < Self.lifetime else {
      throw KeysUnavailable()
    }
    return known
  }

  /// Looks at once and then at each interval, sooner while it fails, until cancelled.
  func run() async {
    while !Task.isCancelled {
      let due = lookedAt.map { $0 + wait } ?? clock.now
      if clock.now < due {
        try? await clock.sleep(until: due, tolerance: nil)
      } else {
        await lookNow()
      }
    }
  }

  private var wait: Duration {
    failures == 0 ? Self.interval : min(Self.pause * Double(1 << min(failures - 1, 6)), Self.longestPause)
  }

  /// Asks the issuer; whoever comes while it is asked waits for the same answer.
  private func lookNow() async {
    if let look { return await look.value }
    let task = Task { await self.fetch() }
    look = task
    await task.value
  }

  private func fetch() async {
    lookedAt = clock.now
    let outcome = await fetched()
    lookedAt = clock.now
    look = nil
    switch outcome {
    case .success(let keys):
      if trouble != nil || known == nil || known != keys {
        log.event(
          "oidc.keys", .info,
          ["issuer": settings.policy.issuer, "keys": "\(keys.keys.count)", "skipped": "\(keys.skipped)"])
      }
      known = keys
      failures = 0
      trouble = nil
      counters.succeeded += 1
      counters.keys = keys.keys.count
      counters.lastSuccessAt = clock.now
    case .failure(let failure):
      failures += 1
      counters.failed += 1
      if trouble != failure.message {
        log.event("oidc.unreachable", .error, ["issuer": settings.policy.issuer, "error": failure.message])
      }
      trouble = failure.message
    }
  }

  private func fetched() async -> Result<JSONWebKeySet, Failure> {
    do throws(Failure) {
      let address: String
      if let keysURL = settings.keysURL { address = keysURL } else { address = try await discovered() }
      let bytes = try await document(at: address)
      do throws(JSONWebKeySet.Unreadable) {
        return .success(try JSONWebKeySet(parsing: bytes))
      } catch {
        throw Failure(message: "the keys at \(redactedURL(address)): \(error)")
      }
    } catch {
      return .failure(error)
    }
  }

  /// Where the issuer's own document says that its keys are (OpenID Connect Discovery 1.0 §4).
  private func discovered() async throws(Failure) -> String {
    let issuer = settings.policy.issuer
    let address = (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    guard let value = try? JSONValue(parsing: try await document(at: address), depthLimit: 16) else {
      throw Failure(message: "\(address): it is no JSON")
    }
    guard let named = value["issuer"]?.string, named == issuer else {
      throw Failure(
        message: "\(address) is of another issuer; --oidc-issuer must be what it says, letter by letter: "
          + (value["issuer"]?.string.map { redactedURL($0) } ?? "it says none"))
    }
    guard let keysURL = value["jwks_uri"]?.string, SettingReader.isSecure(keysURL),
      keysURL.hasPrefix("https://") || issuer.hasPrefix("http://")
    else { throw Failure(message: "\(address) names no https address of keys ('jwks_uri')") }
    return keysURL
  }

  private func document(at address: String) async throws(Failure) -> [UInt8] {
    let options = ConnectionOptions(
      caFile: settings.caFile, egress: egress, connectTimeout: .seconds(5), timeout: .seconds(10))
    let response: HTTPResponse
    do throws(TransportError) {
      response = try await transport.send(
        HTTPRequest(
          url: address, headers: [Label("Accept", "application/json")], options: options, responseLimit: Self.limit))
    } catch {
      throw Failure(message: "\(redactedURL(address)): \(error)")
    }
    guard response.status == 200 else {
      let word = 300...399 ~= response.status ? "; redirects are not followed" : ""
      throw Failure(message: "\(redactedURL(address)) answers \(response.status)\(word)")
    }
    return response.body
  }
}
