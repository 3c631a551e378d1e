/*
 * What firmware/device/esp32/native.ts asks for, on ESP-IDF 6. Each function is a line or two around one of ESP-IDF's;
 * what may fail and does not matter is not looked at.
 */
#include <stdio.h>

#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "sdkconfig.h"
#include "app_update/include/esp_ota_ops.h"
#include "esp_pm.h"
#include "esp_random.h"
#include "esp_sleep.h"
#include "esp_system.h"
#include "esp_task_wdt.h"
#include "esp_wifi.h"

/* The crystal's frequency: what the clock falls to while nothing is to do. */
#define LVS_IDLE_MHZ 40

#if CONFIG_ESP_TASK_WDT_EN
static esp_task_wdt_user_handle_t gCycleWatch;
#endif

void xs_lvs_randomWord(xsMachine *the)
{
	xsmcSetInteger(xsResult, (int32_t)esp_random());
}

/* A release build has no debugger, and `trace` goes nowhere: the line goes to ESP-IDF's console. */
void xs_lvs_print(xsMachine *the)
{
	char *line = xsmcToString(xsArg(0));
#ifdef mxDebug
	xsLog("%s\n", line);
#else
	fputs(line, stdout);
	fputc('\n', stdout);
	fflush(stdout);
#endif
}

void xs_lvs_resetReason(xsMachine *the)
{
	xsmcSetInteger(xsResult, (int32_t)esp_reset_reason());
}

/* A user of the task watchdog besides the SDK's own task: both must be fed. */
void xs_lvs_startWatchdog(xsMachine *the)
{
#if CONFIG_ESP_TASK_WDT_EN
	if (!gCycleWatch)
		esp_task_wdt_add_user("lvs cycle", &gCycleWatch);
#endif
}

void xs_lvs_feedWatchdog(xsMachine *the)
{
#if CONFIG_ESP_TASK_WDT_EN
	if (gCycleWatch)
		esp_task_wdt_reset_user(gCycleWatch);
#endif
}

void xs_lvs_confirmUpdate(xsMachine *the)
{
	esp_ota_mark_app_valid_cancel_rollback();
}

/*
 * The processor sleeps whenever nothing is to do. The radio stays as it is, in WIFI_PS_MIN_MODEM: it wakes for every
 * beacon after which the access point sends broadcasts. WIFI_PS_MAX_MODEM takes less and misses two of three.
 */
void xs_lvs_allowLightSleep(xsMachine *the)
{
#if CONFIG_PM_ENABLE
	int allowed = xsmcToBoolean(xsArg(0));
	esp_pm_config_t config = {
		.max_freq_mhz = CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ,
		.min_freq_mhz = allowed ? LVS_IDLE_MHZ : CONFIG_ESP_DEFAULT_CPU_FREQ_MHZ,
		.light_sleep_enable = allowed
	};
	esp_pm_configure(&config);
#endif
}

void xs_lvs_deepSleep(xsMachine *the)
{
	int32_t ms = xsmcToInteger(xsArg(0));
	esp_wifi_stop();
	esp_deep_sleep((uint64_t)(ms > 0 ? ms : 1) * 1000);
}

void xs_lvs_restart(xsMachine *the)
{
	esp_restart();
}
