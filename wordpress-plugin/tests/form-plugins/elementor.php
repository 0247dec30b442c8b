<?php
/**
 * What Elementor Pro has that the plugin uses, in the shapes that Elementor documents for its forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

define( 'ELEMENTOR_PRO_VERSION', '3.30.0' );

/**
 * A record, as the action elementor_pro/forms/new_record passes it.
 *
 * @param array $settings The form's settings.
 * @param array $sent     What was sent, by field.
 * @param array $meta     What else is known, by name.
 */
function elementor_record( array $settings, array $sent, array $meta = array() ): object {
	$fields = array();
	foreach ( $settings['form_fields'] as $field ) {
		$raw    = $sent[ $field['custom_id'] ] ?? '';
		$fields[ $field['custom_id'] ] = array(
			'id'        => $field['custom_id'],
			'type'      => $field['field_type'] ?? 'text',
			'title'     => $field['field_label'] ?? '',
			'value'     => is_array( $raw ) ? implode( ', ', $raw ) : $raw,
			'raw_value' => $raw,
			'required'  => false,
		);
	}
	return new class( array( 'form_settings' => $settings, 'fields' => $fields, 'meta' => $meta ) ) {
		private array $properties;

		public function __construct( array $properties ) {
			$this->properties = $properties;
		}

		public function get( string $property ) {
			return $this->properties[ $property ] ?? null;
		}
	};
}
