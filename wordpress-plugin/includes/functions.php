<?php
/**
 * What other plugins and themes may call.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

if ( ! function_exists( 'gateway_connector_submit' ) ) {
	/**
	 * Sends a submission to the gateway, as a form does: it is stored at once and sent within a minute.
	 *
	 * @param array $submission The members fields, subscribe, form, visitor and submittedAt of the gateway's API; only fields is needed.
	 * @return bool False when it could not be stored.
	 */
	function gateway_connector_submit( array $submission ): bool {
		global $wpdb;
		$intake = new Gateway_Connector\Intake( new Gateway_Connector\Spool( $wpdb ) );
		return $intake->take_from_code( $submission );
	}
}
