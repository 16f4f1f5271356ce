package io.smartagent.kubernetes.client;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import io.smartagent.kubernetes.ApiPermission;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed, for people. It never contains a token: it is made of names, codes and the
 * server's own message only.
 *
 * @param kind for programs
 * @param fault what went wrong and why, as a sentence
 * @param remedy what makes it right, as a sentence; after a 403 the rule of a role that is missing,
 *     in separate lines
 */
public record ApiFailure(Kind kind, String fault, String remedy) {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int GONE = 410;
  private static final int INVALID = 422;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int MIN_ERROR = 400;
  private static final int MIN_SERVER_ERROR = 500;

  /** Deeper than any chain of causes: some are circular. */
  private static final int MAX_CAUSES = 20;

  private static final int MAX_MESSAGE = 500;

  /** What a program may do otherwise. */
  public enum Kind {
    /** 401: the server does not know whose request it is. */
    UNAUTHORIZED,
    /** 403: no role allows it. */
    FORBIDDEN,
    /** 404: the server has no such resource, or no such object. */
    NOT_FOUND,
    /** 409: the object is there already or has changed. */
    CONFLICT,
    /** 410: what a watch or a list starts from is forgotten. */
    GONE,
    /** 400 or 422: the server does not take the object. */
    INVALID,
    /** 429: to be asked again later. */
    TOO_MANY_REQUESTS,
    /** 5xx: it cannot answer now. */
    SERVER_ERROR,
    /** The server cannot be reached, or has closed the connection. */
    UNREACHABLE,
    /** It did not answer in time. */
    TIMEOUT,
    /** Its certificate is not to be trusted. */
    UNTRUSTED,
    /** The token or the certificates of the authorities cannot be read. */
    NO_ACCOUNT,
    /** Something else. */
    OTHER
  }

  /**
   * Returns why a request failed.
   *
   * @param failure what the client threw
   * @param server that it asked, as {@code https://HOST:PORT}
   * @param asked what had to be allowed for it
   */
  public static ApiFailure of(Throwable failure, String server, ApiPermission asked) {
    List<Throwable> causes = causes(failure);
    for (Throwable cause : causes) {
      int code = code(cause);
      if (code >= MIN_ERROR) {
        return answered(code, status(cause), server, asked);
      }
    }
    for (Throwable cause : causes) {
      ApiFailure known = unanswered(cause, server, asked);
      if (known != null) {
        return known;
      }
    }
    return new ApiFailure(
        Kind.OTHER,
        "The API server at " + server + " could not be asked: " + names(causes) + ".",
        "Look at what the server logs.");
  }

  /** Returns fault and remedy as one text. */
  public String text() {
    return fault + " " + remedy;
  }

  /** Returns the response that a request failed with; null without a response. */
  static @Nullable KubernetesClientException answer(Throwable failure) {
    for (Throwable cause : causes(failure)) {
      if (cause instanceof KubernetesClientException answer && answer.getCode() >= MIN_ERROR) {
        return answer;
      }
    }
    return null;
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    Throwable cause = failure;
    while (cause != null && causes.size() < MAX_CAUSES && !causes.contains(cause)) {
      causes.add(cause);
      cause = cause.getCause();
    }
    return causes;
  }

  private static int code(Throwable cause) {
    if (cause instanceof KubernetesClientException answer) {
      return answer.getCode();
    }
    return cause instanceof WebSocketHandshakeException answer ? answer.getResponse().code() : 0;
  }

  private static @Nullable Status status(Throwable cause) {
    return cause instanceof KubernetesClientException answer ? answer.getStatus() : null;
  }

  private static ApiFailure answered(
      int code, @Nullable Status status, String server, ApiPermission asked) {
    return switch (code) {
      case UNAUTHORIZED -> unauthorized(server, asked);
      case FORBIDDEN -> forbidden(status, server, asked);
      case NOT_FOUND -> notFound(status, server, asked);
      case CONFLICT ->
          answer(
              Kind.CONFLICT,
              "409 Conflict",
              status,
              server,
              "It is tried again with what is there.");
      case GONE ->
          answer(Kind.GONE, "410 Gone", status, server, "It is asked for everything anew.");
      case TOO_MANY_REQUESTS ->
          answer(
              Kind.TOO_MANY_REQUESTS,
              "429 Too Many Requests",
              status,
              server,
              "It is asked again later. If it stays so, look at its flow schemas: kubectl get"
                  + " flowschemas.");
      default ->
          code == INVALID || code == MIN_ERROR
              ? answer(
                  Kind.INVALID,
                  code == INVALID ? "422 Unprocessable Entity" : "400 Bad Request",
                  status,
                  server,
                  "Do its definitions have the version of this program?")
              : answer(
                  code >= MIN_SERVER_ERROR ? Kind.SERVER_ERROR : Kind.OTHER,
                  Integer.toString(code),
                  status,
                  server,
                  "Look at what the server logs, and at what is between it and this node.");
    };
  }

  private static ApiFailure answer(
      Kind kind, String code, @Nullable Status status, String server, String remedy) {
    return new ApiFailure(
        kind, "The API server at " + server + " answers " + code + quoted(status) + ".", remedy);
  }

  private static ApiFailure unauthorized(String server, ApiPermission asked) {
    return asked.feature().isOfAgent()
        ? new ApiFailure(
            Kind.UNAUTHORIZED,
            "The API server at "
                + server
                + " does not accept the ServiceAccount's token (401 Unauthorized): it has ended, or"
                + " the ServiceAccount or the pod was deleted.",
            "Is the ServiceAccount there, and does kubelet renew the token? It is read anew for each"
                + " request.")
        : new ApiFailure(
            Kind.UNAUTHORIZED,
            "The API server at "
                + server
                + " does not accept the credentials (401 Unauthorized): they have ended, or the"
                + " program that KUBECONFIG names for them cannot be run here.",
            "Log in again, or name another context.");
  }

  /** The server's message names the user and the verb, for people: no program reads it. */
  private static ApiFailure forbidden(@Nullable Status status, String server, ApiPermission asked) {
    String role =
        switch (asked.scope()) {
          case CLUSTER -> "ClusterRole";
          case NAMESPACE -> "Role";
        };
    return new ApiFailure(
        Kind.FORBIDDEN,
        "The API server at "
            + server
            + " does not allow to "
            + String.join(" and ", asked.verbs())
            + " "
            + String.join(", ", asked.resources())
            + (asked.group().isEmpty() ? "" : " of " + asked.group())
            + " (403 Forbidden)"
            + quoted(status)
            + ".",
        "Add this rule to "
            + (asked.feature().isOfAgent() ? "its " : "a ")
            + role
            + ":\n"
            + asked.rule());
  }

  private static String quoted(@Nullable Status status) {
    String message = status == null ? "" : printable(status.getMessage());
    return message.isEmpty() ? "" : ": \"" + message + "\"";
  }

  private static ApiFailure notFound(@Nullable Status status, String server, ApiPermission asked) {
    String resource =
        String.join(", ", asked.resources()) + (asked.group().isEmpty() ? "" : "." + asked.group());
    StatusDetails details = status == null ? null : status.getDetails();
    if (details != null && details.getName() != null && !details.getName().isEmpty()) {
      return new ApiFailure(
          Kind.NOT_FOUND,
          "The API server at "
              + server
              + " has no \""
              + printable(details.getName())
              + "\" among "
              + resource
              + " (404 Not Found).",
          "Create it.");
    }
    boolean ownGroup = asked.group().equals("smartagent.io");
    return new ApiFailure(
        Kind.NOT_FOUND,
        "The API server at " + server + " knows no " + resource + " (404 Not Found).",
        ownGroup
            ? "Apply its CustomResourceDefinition: the one that the command manifest prints."
            : "Is that the address of a Kubernetes API server, of 1.21 or later?");
  }

  private static @Nullable ApiFailure unanswered(
      Throwable cause, String server, ApiPermission asked) {
    if (cause instanceof SSLPeerUnverifiedException) {
      return new ApiFailure(
          Kind.UNTRUSTED,
          "The certificate of the API server at " + server + " is for other names than that.",
          "Ask it by a name or address that its certificate has.");
    }
    if (cause instanceof SSLException) {
      return new ApiFailure(
          Kind.UNTRUSTED,
          "The API server at "
              + server
              + " has a certificate that none of the known authorities has signed, or speaks no TLS"
              + " that this client takes: "
              + name(cause)
              + ".",
          asked.feature().isOfAgent()
              ? "Is ca.crt of the ServiceAccount the one of this cluster? kubelet renews it from the"
                  + " ConfigMap kube-root-ca.crt."
              : "Is certificate-authority in KUBECONFIG the one of this cluster?");
    }
    if (cause instanceof UnknownHostException) {
      return new ApiFailure(
          Kind.UNREACHABLE,
          "The name of the API server at " + server + " is not known to DNS.",
          "Give its address, or let the pod resolve it (dnsPolicy: ClusterFirstWithHostNet).");
    }
    if (cause instanceof SocketTimeoutException
        || cause instanceof TimeoutException
        || cause instanceof InterruptedIOException) {
      return new ApiFailure(
          Kind.TIMEOUT,
          "The API server at " + server + " does not answer in time.",
          "Look at its load, and at network policies and firewalls between it and this node.");
    }
    if (cause instanceof ConnectException
        || cause instanceof NoRouteToHostException
        || cause instanceof SocketException
        || cause instanceof EOFException) {
      return new ApiFailure(
          Kind.UNREACHABLE,
          "The API server at "
              + server
              + (cause instanceof ConnectException || cause instanceof NoRouteToHostException
                  ? " cannot be reached: "
                  : " has closed the connection: ")
              + name(cause)
              + ".",
          "Does it run, and do network policies and firewalls let this node in?");
    }
    if (cause instanceof AccessDeniedException file) {
      return new ApiFailure(
          Kind.NO_ACCOUNT,
          "\"" + file.getFile() + "\" is closed to the agent's user.",
          "Remove runAsUser from the pod: where all its containers have one, kubelet lets no other"
              + " user read the ServiceAccount's token.");
    }
    if (cause instanceof FileSystemException file) {
      return new ApiFailure(
          Kind.NO_ACCOUNT,
          "\""
              + file.getFile()
              + "\" could not be read ("
              + file.getClass().getSimpleName()
              + "), which is needed to ask the API server.",
          "Mount the ServiceAccount's token (automountServiceAccountToken: true, or a projected"
              + " volume).");
    }
    if (cause instanceof InvalidAccountException account) {
      return new ApiFailure(
          Kind.NO_ACCOUNT, String.valueOf(account.getMessage()), "Has kubelet written it?");
    }
    return null;
  }

  private static String names(List<Throwable> causes) {
    List<String> names = new ArrayList<>();
    for (Throwable cause : causes) {
      names.add(name(cause));
    }
    return String.join(", because of ", names);
  }

  /** Only messages of I/O errors are known to contain nothing of a request. */
  private static String name(Throwable cause) {
    String message = cause instanceof IOException ? printable(cause.getMessage()) : "";
    return message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }

  private static String printable(@Nullable String text) {
    if (text == null) {
      return "";
    }
    StringBuilder printable = new StringBuilder();
    for (int i = 0; i < text.length() && i < MAX_MESSAGE; i++) {
      char letter = text.charAt(i);
      printable.append(Character.isISOControl(letter) ? ' ' : letter);
    }
    return printable.toString().strip();
  }
}
