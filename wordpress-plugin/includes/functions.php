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

if ( ! function_exists( 'gateway_connector_subscribe' ) ) {
	/**
	 * Subscribes somebody who ticked a box, from a form of any kind: the sign-up is checked and stored at once, and sent within a minute.
	 * The gateway then asks the person by email. Call it only for those who ticked the box.
	 *
	 * @param array $sign_up {
	 *     The sign-up. Texts are unslashed and not escaped.
	 *
	 *     @type string          $email          The address. Needed.
	 *     @type string|string[] $list           The id of the mailing list at the gateway, or of up to 20. Needed.
	 *     @type string          $consent        The words beside the box, as the visitor read them; kept as proof. Needed.
	 *     @type string          $name           The person's name.
	 *     @type array           $fields         What else was entered: texts, or lists of texts, by name.
	 *     @type array           $properties     What the gateway keeps about the person: names of fields by the name of the property.
	 *     @type string          $form           The form's name in your statistics.
	 *     @type string          $page           The address of the page with the form; the Referer of the request by default.
	 *     @type string          $language       The locale of the confirmation email, such as fr_FR; that of the request by default.
	 *     @type string          $policy_url     The address of the privacy policy that applied.
	 *     @type string          $policy_version Its version, for example its date.
	 *     @type string          $ip             The visitor's IP address, where the request is not the visitor's own.
	 *     @type string          $user_agent     The visitor's browser, where the request is not the visitor's own.
	 * }
	 * @return true|WP_Error True when it is stored. The error's message is a sentence for the visitor, and its code says what is wrong:
	 *     email (no address that mail can be sent to), list (none), box (no words, so nothing was agreed to), many (an IP address sent
	 *     100 sign-ups in ten minutes), lost (nothing could be written).
	 */
	function gateway_connector_subscribe( array $sign_up ) {
		global $wpdb;
		$intake = new Gateway_Connector\Intake( new Gateway_Connector\Spool( $wpdb ) );
		return ( new Gateway_Connector\Subscribe_Api( $intake ) )->subscribe( $sign_up );
	}
}
