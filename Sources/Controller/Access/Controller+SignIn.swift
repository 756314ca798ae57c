import Model
import StatusAPI

extension Controller {
  /// - Throws: ``CommandFailure`` that names the setting and the line.
  static func openTokenFile(_ settings: Settings, at now: Timestamp) throws -> TokenFile? {
    guard let path = settings.tokenFile else { return nil }
    do {
      return try TokenFile(path, at: now)
    } catch let failure as Files.Failure {
      throw CommandFailure(.usage, "--token-sha256-file: \(failure)")
    } catch {
      throw CommandFailure(.usage, "--token-sha256-file '\(path)', \(error)")
    }
  }
}

extension SignIn {
  /// How readers sign in, by the settings; the clock tells when tokens end.
  init(
    tokenFile: TokenFile?, settings: Settings, issuer: IssuerKeys?, clock: any WallClock, log: EventLog
  ) {
    var verifier: TokenVerifier?
    if let issuer, let oidc = settings.oidc { verifier = TokenVerifier(oidc.policy, keys: issuer) }
    var listed: (@Sendable () -> [ReadToken])?
    if let tokenFile, let path = settings.tokenFile {
      listed = {
        tokenFile.tokens(at: clock.now) { trouble in
          if let trouble {
            log.event("tokens.unreadable", .error, ["path": path, "error": trouble])
          } else {
            log.event("tokens.readable", .info, ["path": path])
          }
        }
      }
    }
    self.init(
      listedTokens: listed, verifier: verifier, seal: SessionKey.seal(in: settings.dataFolder, log), clock: clock)
  }
}
