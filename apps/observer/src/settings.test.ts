import { processSettings } from "@weather/process";
import { testSettingsPage } from "@weather/testing/settings";
import { settingsSchema } from "./settings.ts";

testSettingsPage("The observer", settingsSchema.shape, processSettings.shape);
