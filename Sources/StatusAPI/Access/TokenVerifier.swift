import Crypto
import Model
import Synchronization

/// Verifies the tokens of one issuer, and remembers what came out until they end.
package final class TokenVerifier: Sendable {
  /// Why a token brought nothing.
  enum Trouble: Error, Hashable, Sendable {
    case refused(TokenRefusal)
    case keysUnavailable
  }

  /// A token that was verified.
  private struct Verified: Sendable {
    let principal: Principal
    let ends: Timestamp
    /// What verified it; while the issuer still publishes it, the outcome stands.
    let key: JSONWebKey
  }

  /// What was verified lately, by the token's digest: full, the younger half becomes the older one.
  private struct Memory: Sendable {
    var young: [SHA256Digest: Verified] = [:]
    var old: [SHA256Digest: Verified] = [:]
  }

  package let policy: TokenPolicy
  private let keys: any KeySource
  private let limit: Int
  private let memory = Mutex(Memory())

  /// `limit`: how many tokens are remembered at most.
  package init(_ policy: TokenPolicy, keys: any KeySource, limit: Int = 4096) {
    self.policy = policy
    self.keys = keys
    self.limit = limit
  }

  /// Whom a token names, and when it ends.
  func principal(of token: String, at now: Timestamp) async throws(Trouble) -> (Principal, ends: Timestamp) {
    guard token.utf8.count <= JSONWebToken.limit else { throw .refused(.tooLarge(limit: JSONWebToken.limit)) }
    let digest = SHA256.hash(data: Array(token.utf8))
    if let known = remembered(digest), now < known.ends, try await isCurrent(known.key) {
      return (known.principal, known.ends)
    }
    do {
      let (found, ends, key) = try await verify(JSONWebToken(parsing: token), at: now)
      remember(Verified(principal: found, ends: ends, key: key), as: digest)
      return (found, ends)
    } catch let refusal as TokenRefusal {
      throw .refused(refusal)
    } catch {
      throw .keysUnavailable
    }
  }

  private func verify(_ token: JSONWebToken, at now: Timestamp) async throws -> (Principal, Timestamp, JSONWebKey) {
    let key = try await keys.keys(for: token.keyID).key(named: token.keyID, for: token.algorithm)
    guard await key.verifies(token.signature, of: token.signed, by: token.algorithm) else {
      throw TokenRefusal.signature
    }
    let (principal, ends) = try policy.accept(token.claims, at: now)
    return (principal, ends, key)
  }

  private func isCurrent(_ key: JSONWebKey) async throws(Trouble) -> Bool {
    do throws(KeysUnavailable) {
      return try await keys.keys(for: key.id).keys.contains(key)
    } catch {
      throw .keysUnavailable
    }
  }

  private func remembered(_ digest: SHA256Digest) -> Verified? {
    memory.withLock { $0.young[digest] ?? $0.old[digest] }
  }

  private func remember(_ verified: Verified, as digest: SHA256Digest) {
    memory.withLock { memory in
      if memory.young.count >= limit / 2 {
        memory.old = memory.young
        memory.young = [:]
      }
      memory.young[digest] = verified
    }
  }
}
