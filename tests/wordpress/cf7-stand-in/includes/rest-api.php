<?php
/**
 * The REST routes: forms for those who may edit them, feedback for every visitor.
 */

add_action(
	'rest_api_init',
	static function () {
		$route = static function ( $path, $methods, $callback, $capability ) {
			register_rest_route(
				'contact-form-7/v1',
				$path,
				array(
					'methods'             => $methods,
					'callback'            => $callback,
					'permission_callback' => static fn () => ! $capability || current_user_can( $capability ),
				)
			);
		};
		$route( '/contact-forms', 'GET', 'wpcf7_rest_list', 'wpcf7_read_contact_forms' );
		$route( '/contact-forms', 'POST', 'wpcf7_rest_save', 'wpcf7_edit_contact_forms' );
		$route( '/contact-forms/(?P<id>\d+)', 'GET', 'wpcf7_rest_get', 'wpcf7_edit_contact_forms' );
		$route( '/contact-forms/(?P<id>\d+)', 'POST, PUT, PATCH', 'wpcf7_rest_save', 'wpcf7_edit_contact_forms' );
		$route( '/contact-forms/(?P<id>\d+)/feedback', 'POST', 'wpcf7_rest_feedback', '' );
	}
);

function wpcf7_rest_error( $code, $message, $status ) {
	return new WP_Error( $code, $message, array( 'status' => $status ) );
}

function wpcf7_rest_list() {
	return array_map(
		static fn ( $form ) => array( 'id' => $form->id(), 'hash' => $form->hash(), 'title' => $form->title(), 'locale' => $form->locale() ),
		WPCF7_ContactForm::find()
	);
}

function wpcf7_rest_get( WP_REST_Request $request ) {
	$form = wpcf7_contact_form( (int) $request['id'] );
	return $form ? wpcf7_rest_form( $form ) : wpcf7_rest_error( 'wpcf7_not_found', 'The requested contact form was not found.', 404 );
}

/** Only what the request names is changed; the panels of other plugins are not part of it. */
function wpcf7_rest_save( WP_REST_Request $request ) {
	$args = array( 'id' => $request->get_url_params()['id'] ?? -1 ) + $request->get_params();
	$form = wpcf7_save_contact_form( $args, $request['context'] );
	return $form ? wpcf7_rest_form( $form ) : wpcf7_rest_error( 'wpcf7_not_found', 'The requested contact form was not found.', 404 );
}

function wpcf7_rest_form( WPCF7_ContactForm $form ) {
	return array(
		'id'         => $form->id(),
		'title'      => $form->title(),
		'locale'     => $form->locale(),
		'properties' => $form->get_properties(),
	);
}

function wpcf7_rest_feedback( WP_REST_Request $request ) {
	if ( ! str_starts_with( (string) $request->get_header( 'Content-Type' ), 'multipart/form-data' ) ) {
		return wpcf7_rest_error( 'wpcf7_unsupported_media_type', 'The request payload format is not supported.', 415 );
	}
	$form = wpcf7_contact_form( (int) $request->get_url_params()['id'] );
	if ( ! $form ) {
		return wpcf7_rest_error( 'wpcf7_not_found', 'The requested contact form was not found.', 404 );
	}
	$unit_tag = wpcf7_sanitize_unit_tag( $request['_wpcf7_unit_tag'] );
	if ( ! $unit_tag ) {
		return wpcf7_rest_error( 'wpcf7_unit_tag_not_found', 'There is no valid unit tag.', 400 );
	}

	$result         = $form->submit();
	$invalid_fields = array();
	foreach ( $result['invalid_fields'] ?? array() as $name => $field ) {
		$invalid_fields[] = array(
			'field'    => $name,
			'message'  => $field['reason'],
			'idref'    => $field['idref'],
			'error_id' => "{$unit_tag}-ve-{$name}",
		);
	}
	$response = array_merge( $result, array( 'into' => "#{$unit_tag}", 'invalid_fields' => $invalid_fields ) );
	return apply_filters( 'wpcf7_feedback_response', $response, $result );
}
