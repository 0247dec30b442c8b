<?php
/**
 * What a form text contains.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_REST_Request;
use WP_REST_Response;
use WPCF7_ContactForm;

/**
 * Gives the form editor the fields and boxes of a text that is not saved yet. Contact Form 7 itself reads it, so
 * that the tab's menus offer exactly what a submission would bring.
 */
final class Form_Fields_Route {

	public const SPACE = 'gateway-connector/v1';
	public const ROUTE = '/form-fields';

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'add' ) );
	}

	public function add(): void {
		register_rest_route(
			self::SPACE,
			self::ROUTE,
			array(
				'methods'             => 'POST',
				'callback'            => array( $this, 'read' ),
				'permission_callback' => static fn() => class_exists( WPCF7_ContactForm::class )
					// phpcs:ignore WordPress.WP.Capabilities.Unknown -- Contact Form 7's.
					&& current_user_can( 'wpcf7_edit_contact_forms' ),
				'args'                => array(
					'form' => array(
						'type'     => 'string',
						'required' => true,
					),
				),
			)
		);
	}

	/**
	 * Fields by name with the label of the menus, boxes by name with what they say.
	 */
	public function read( WP_REST_Request $request ): WP_REST_Response {
		$form = WPCF7_ContactForm::get_template();
		$form->set_properties( array( 'form' => (string) $request['form'] ) );
		return new WP_REST_Response(
			array(
				'fields' => (object) Form_Fields::labels( $form ),
				'boxes'  => (object) Consent::labels( $form ),
			)
		);
	}
}
