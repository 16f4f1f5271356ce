package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Detects the algorithm of a user's key: fabric8 takes PKCS #8 for RSA. */
final class ClientKey {

  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final String ELLIPTIC_CURVE = "EC";

  private ClientKey() {}

  /** Sets the algorithm of the key in {@code config} if it is not RSA. */
  static void detectAlgorithm(Config config) {
    try {
      if (isEllipticCurve(pem(config))) {
        config.setClientKeyAlgo(ELLIPTIC_CURVE);
      }
    } catch (IOException | IllegalArgumentException unreadable) {
      // The client is made next, and its failure is reported.
    }
  }

  private static String pem(Config config) throws IOException {
    if (config.getClientKeyData() != null) {
      return new String(
          Base64.getDecoder().decode(config.getClientKeyData()), StandardCharsets.ISO_8859_1);
    }
    return config.getClientKeyFile() == null
        ? ""
        : Files.readString(Path.of(config.getClientKeyFile()), StandardCharsets.ISO_8859_1);
  }

  private static boolean isEllipticCurve(String pem) {
    int begin = pem.indexOf(BEGIN);
    int end = pem.indexOf(END);
    if (begin < 0 || end < begin) {
      return false;
    }
    byte[] key = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
    try {
      KeyFactory.getInstance(ELLIPTIC_CURVE).generatePrivate(new PKCS8EncodedKeySpec(key));
      return true;
    } catch (GeneralSecurityException another) {
      return false;
    }
  }
}
