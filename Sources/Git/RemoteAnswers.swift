import CLibgit2
import Model

/// What is answered when the library asks during a conversation: credentials, and whether to trust the server.
///
/// The library only knows that an answer was a refusal; why stays here.
final class RemoteAnswers {
  let settings: RemoteSettings
  /// The refusal that ended the conversation.
  private(set) var refusal: GitError?
  /// Why the remote didn't take a push.
  fileprivate(set) var pushRefusal: String?
  private var credentialsGiven = 0

  init(_ settings: RemoteSettings) {
    self.settings = settings
  }

  /// Has the library ask this object, which must outlive the conversation.
  func install(in callbacks: inout git_remote_callbacks) {
    callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
    callbacks.credentials = { out, _, user, allowed, payload in
      guard let answers = RemoteAnswers.from(payload) else { return GIT_EUSER.rawValue }
      return answers.credential(out, user: user.map { String(cString: $0) }, allowed: allowed)
    }
    callbacks.certificate_check = { certificate, isValid, host, payload in
      guard let answers = RemoteAnswers.from(payload), let certificate, let host else { return GIT_EUSER.rawValue }
      return answers.trust(certificate, isValid: isValid != 0, host: String(cString: host))
    }
    // The library counts bytes only while somebody listens.
    callbacks.transfer_progress = { _, _ in 0 }
    callbacks.push_update_reference = { _, status, payload in
      if let status { RemoteAnswers.from(payload)?.pushRefusal = String(cString: status).onOneLine }
      return 0
    }
  }

  private static func from(_ payload: UnsafeMutableRawPointer?) -> RemoteAnswers? {
    payload.map { Unmanaged<RemoteAnswers>.fromOpaque($0).takeUnretainedValue() }
  }

  private func refuse(_ error: GitError) -> Int32 {
    refusal = error
    return GIT_EUSER.rawValue
  }

  // MARK: Credentials

  private func credential(
    _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?, user: String?, allowed: UInt32
  ) -> Int32 {
    let user = user ?? settings.url.user ?? "git"
    if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 { return git_credential_username_new(out, user) }
    credentialsGiven += 1
    guard credentialsGiven == 1 else { return refuse(settings.refusedCredentials(user: user)) }
    let isForKeys = allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0
    let isForPasswords = allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT.rawValue != 0
    switch settings.credentials {
    case .token(let username, let secret), .basic(let username, let secret):
      guard isForPasswords else { break }
      return git_credential_userpass_plaintext_new(out, username, secret.reveal())
    case .sshKey(let privateKeyFile, let publicKeyFile, let passphrase):
      guard isForKeys else { break }
      return git_credential_ssh_key_new(out, user, publicKeyFile, privateKeyFile, passphrase?.reveal())
    case .sshAgent:
      guard isForKeys else { break }
      return git_credential_ssh_key_from_agent(out, user)
    case .none: break
    }
    return refuse(settings.unsuitableCredentials(wantsKey: isForKeys))
  }

  // MARK: Trust

  private func trust(_ certificate: UnsafeMutablePointer<git_cert>, isValid: Bool, host: String) -> Int32 {
    guard certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else {
      return trustCertificate(isValid: isValid, host: host)
    }
    let key = UnsafeMutableRawPointer(certificate).assumingMemoryBound(to: git_cert_hostkey.self).pointee
    guard let refusal = settings.judge(ServerKey(key)) else { return 0 }
    return refuse(refusal)
  }

  private func trustCertificate(isValid: Bool, host: String) -> Int32 {
    guard host.lowercased() == settings.url.host.lowercased() else {
      let detail = "it redirects to another host, '\(host)'; name that address, if it is the right one"
      return refuse(.unreachable(remote: settings.url.description, detail: detail))
    }
    // The library keeps its reason to itself until this answer: it comes with the error then.
    return isValid ? 0 : GIT_PASSTHROUGH.rawValue
  }

  // MARK: Errors

  /// Why the conversation ended: the refusal given here, or what the library says.
  func error(_ failure: LibraryFailure) -> GitError {
    refusal ?? settings.error(failure)
  }
}
