<?php
/**
 * Sign-ups of any form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_Error;

/**
 * Takes sign-ups from the code of a site: the function gateway_connector_subscribe() and the action of the same name. It checks what our
 * own form checks and only stores, so that the visitor never waits for the gateway.
 */
final class Subscribe_Api {

	public const ACTION = 'gateway_connector_subscribe';

	private Intake $intake;

	public function __construct( Intake $intake ) {
		$this->intake = $intake;
	}

	public function register(): void {
		add_action( self::ACTION, array( $this, 'subscribe_from_action' ) );
	}

	/**
	 * Stores a sign-up of somebody who ticked a box.
	 *
	 * @param array $given The members that readme.txt describes.
	 * @return true|WP_Error The error’s code is email, list, box, many or lost. Its message is for the visitor.
	 */
	public function subscribe( array $given ) {
		$sign_up = Sign_Up::from_array( $given );
		if ( is_wp_error( $sign_up ) ) {
			return $sign_up;
		}
		if ( $sign_up->is_of_this_request() && ! Visitor::may_sign_up() ) {
			return Sign_Up::error( Subscribe_Answer::MANY );
		}
		return $this->intake->take( $sign_up->submission() ) ? true : Sign_Up::error( Subscribe_Answer::LOST );
	}

	/**
	 * What do_action( 'gateway_connector_subscribe', array( … ) ) hands in. An action cannot answer, so an error goes to the log.
	 *
	 * @param mixed $given As for subscribe().
	 */
	public function subscribe_from_action( $given ): void {
		if ( ! is_array( $given ) ) {
			_doing_it_wrong( self::ACTION, 'The action gateway_connector_subscribe takes an array.', '0.1.0' );
			return;
		}
		$outcome = $this->subscribe( $given );
		if ( is_wp_error( $outcome ) ) {
			Log::note( sprintf( 'a sign-up of the action gateway_connector_subscribe was not taken: %s.', $outcome->get_error_code() ) );
		}
	}
}
