<?php
/**
 * The functions of Action Scheduler that the plugin calls; what is scheduled is in a global variable.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

function as_has_scheduled_action( string $hook ): bool {
	return in_array( $hook, array_column( $GLOBALS['scheduled_actions'], 0 ), true );
}

function as_schedule_recurring_action( int $time, int $interval, string $hook, array $args, string $group ): int {
	$GLOBALS['scheduled_actions'][] = array( $hook, $interval, $group );
	return 1;
}

function as_unschedule_all_actions( string $hook ): void {
	$GLOBALS['scheduled_actions'] = array_filter( $GLOBALS['scheduled_actions'], static fn( $action ) => $hook !== $action[0] );
}
