import nx from "@nx/eslint-plugin";
import tseslint from "typescript-eslint";

// Who may import whom: the directions of the house (CONTRIBUTING.md, "The rooms").
const directions = [
  { sourceTag: "room:contracts", onlyDependOnLibsWithTags: [] },
  { sourceTag: "room:forecast-model", onlyDependOnLibsWithTags: [] },
  { sourceTag: "room:queue-binding", onlyDependOnLibsWithTags: ["room:testing"] },
  { sourceTag: "room:process", onlyDependOnLibsWithTags: ["room:queue-binding", "room:testing"] },
  {
    sourceTag: "room:state-server",
    onlyDependOnLibsWithTags: [
      "room:contracts",
      "room:queue-binding",
      "room:process",
      "room:forecast-model",
      "room:testing",
    ],
  },
  { sourceTag: "room:server-app", onlyDependOnLibsWithTags: ["room:state-server"] },
  {
    sourceTag: "room:client",
    onlyDependOnLibsWithTags: [
      "room:contracts",
      "room:queue-binding",
      "room:process",
      "room:rendering",
      "room:testing",
    ],
  },
  {
    sourceTag: "room:gateway",
    onlyDependOnLibsWithTags: [
      "room:contracts",
      "room:queue-binding",
      "room:process",
      "room:rendering",
      "room:testing",
    ],
  },
  {
    sourceTag: "room:observer",
    onlyDependOnLibsWithTags: [
      "room:contracts",
      "room:queue-binding",
      "room:process",
      "room:state-server",
      "room:testing",
    ],
  },
  { sourceTag: "room:rendering", onlyDependOnLibsWithTags: ["room:contracts"] },
  { sourceTag: "room:local-broker", onlyDependOnLibsWithTags: [] },
  { sourceTag: "room:testing", onlyDependOnLibsWithTags: ["room:local-broker"] },
  { sourceTag: "room:journeys", onlyDependOnLibsWithTags: ["*"] },
  { sourceTag: "room:tools", onlyDependOnLibsWithTags: ["*"] },
];

// Rooms with one door: only these folders may import these packages.
const onlyIn = (room, name, why) => ({
  files: ["{apps,libs}/**/*.{ts,tsx}"],
  ignores: [`${room}/**`, "**/*.test.ts", "**/test/**"],
  rules: {
    "no-restricted-imports": ["error", { paths: [{ name, message: why }] }],
  },
});

export default tseslint.config(
  { ignores: ["**/dist/**", ".cache/**", "**/*.js", "**/*.mjs"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "@nx": nx },
    rules: {
      "@nx/enforce-module-boundaries": [
        "error",
        { depConstraints: directions, enforceBuildableLibDependency: false },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", caughtErrors: "none", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  onlyIn("libs/queue-binding", "amqplib", "Only queue-binding speaks AMQP; ask it (libs/queue-binding)."),
  {
    // Examples show what a user of the package writes: they import it by its name.
    files: ["libs/*/examples/**/*.ts"],
    rules: { "@nx/enforce-module-boundaries": "off" },
  },
  {
    // Input from outside is read at the door: main.ts, or a settings module.
    files: ["libs/**/src/**/*.ts"],
    ignores: ["libs/testing/**", "libs/local-broker/**", "**/*.test.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "process", property: "env", message: "Read the environment in main.ts." },
        { object: "process", property: "argv", message: "Read arguments in main.ts." },
      ],
    },
  },
);
