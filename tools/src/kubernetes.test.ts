import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ScaledObject, TriggerAuthentication } from "@kubernetes-models/keda/keda.sh/v1alpha1";
import { stateNames } from "@weather/contracts";
import { Deployment } from "kubernetes-models/apps/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { HorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2";
import { Namespace, Service } from "kubernetes-models/v1";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

// kubernetes-models has the schemas of Kubernetes' own OpenAPI document, @kubernetes-models/keda those of KEDA's CRDs: as
// validators, which know types, required fields and enumerations, and as types, by which the compiler knows fields that do
// not exist. npm has no schemas of RabbitMQ's operator.
const kinds = {
  Deployment,
  PodDisruptionBudget,
  Namespace,
  Service,
  HorizontalPodAutoscaler,
  ScaledObject,
  TriggerAuthentication,
};
const modules: Record<string, string> = {
  "apps/v1": "kubernetes-models/apps/v1",
  "autoscaling/v2": "kubernetes-models/autoscaling/v2",
  "policy/v1": "kubernetes-models/policy/v1",
  v1: "kubernetes-models/v1",
  "keda.sh/v1alpha1": "@kubernetes-models/keda/keda.sh/v1alpha1",
};

/** The compiler's errors for manifests that are written as TypeScript. */
function compile(all: readonly Manifest[]): string[] {
  const file = fileURLToPath(new URL("manifests.ts", import.meta.url));
  const text = all.map((manifest) => {
    const { apiVersion, kind } = manifest;
    return `${JSON.stringify(manifest)} satisfies import("${modules[apiVersion]}").I${kind},\n`;
  });
  const options = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], target: ts.ScriptTarget.ES2023 },
    ...{ module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  };
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (name, language) =>
    name === file
      ? ts.createSourceFile(name, `export default [\n${text.join("")}];`, language)
      : readSource(name, language);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

const read = (file: string) =>
  readFileSync(new URL(`../../deploy/kubernetes/${file}`, import.meta.url), "utf8");

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

/** @throws if the file is not strict YAML, for example if a key occurs twice */
function manifests(file: string): Manifest[] {
  return parseAllDocuments(read(file), { strict: true, uniqueKeys: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
}

/** The part of a pod that these tests read. */
interface Pods {
  spec: {
    template: {
      spec: {
        terminationGracePeriodSeconds: number;
        securityContext: object;
        containers: [
          {
            env: { name: string; value: string }[];
            lifecycle: { preStop: { exec: { command: string[] } } };
          },
        ];
      };
    };
  };
}

const deployment = (file: string) => manifests(file)[0] as unknown as Pods;

const { resources } = manifests("kustomization.yaml")[0] as unknown as { resources: string[] };

describe("the Kubernetes manifests", () => {
  for (const file of resources.filter((name) => name !== "rabbitmq.yaml")) {
    it(`${file} fits the schemas`, () => {
      for (const manifest of manifests(file)) {
        const Kind = kinds[manifest.kind as keyof typeof kinds];
        expect(() => new Kind(manifest as never).validate()).not.toThrow();
      }
    });
  }

  it("have no field that does not exist", () => {
    const all = resources.filter((name) => name !== "rabbitmq.yaml").flatMap(manifests);
    expect(compile(all)).toEqual([]);
    const [first] = all as [Manifest];
    expect(compile([{ ...first, metadata: { ...first.metadata, nmae: "x" } as never }])).toEqual([
      expect.stringContaining('"nmae"\' does not exist'),
    ]);
  });

  it("name every state, with a deployment, a budget and a scale of its own", () => {
    expect(resources).toEqual([
      "namespace.yaml",
      "rabbitmq.yaml",
      "observer.yaml",
      ...stateNames.map((state) => `${state}-server.yaml`),
      "gateway.yaml",
    ]);
    for (const state of stateNames) {
      const made = manifests(`${state}-server.yaml`);
      expect(made.map(({ kind }) => kind)).toEqual([
        "Deployment",
        "PodDisruptionBudget",
        "ScaledObject",
        "TriggerAuthentication",
      ]);
      expect(new Set(made.map(({ metadata }) => metadata.name))).toEqual(new Set([`${state}-server`]));
      expect(read(`${state}-server.yaml`)).toContain(`queueName: weather.${state}\n`);
    }
  });

  it("have probes, time to drain, no root user, and a read-only file system", () => {
    for (const state of stateNames) {
      const { template } = deployment(`${state}-server.yaml`).spec;
      const [server] = template.spec.containers;
      const { HEALTH_PORT } = Object.fromEntries(server.env.map(({ name, value }) => [name, value]));
      expect(server).toMatchObject({
        ports: [{ name: "health", containerPort: Number(HEALTH_PORT) }],
        livenessProbe: { httpGet: { path: "/livez", port: "health" } },
        readinessProbe: { httpGet: { path: "/readyz", port: "health" } },
        resources: { requests: {}, limits: {} },
        securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      });
      expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true });
      const pause = Number(server.lifecycle.preStop.exec.command[1]);
      // Draining takes at most 25 s (`STOP_TIMEOUT`).
      expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(pause + 25);
    }
  });

  it("are strict YAML, all of them", () => {
    for (const file of [...resources, "kustomization.yaml"]) expect(manifests(file)).not.toEqual([]);
  });
});
