<?php
/**
 * Ninja Forms.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Forms of Ninja Forms. The action ninja_forms_after_submission comes after all of a form's own actions, also for a preview.
 */
final class Ninja_Forms_Plugin implements Form_Plugin {

	/**
	 * What holds nothing that a visitor enters, or must stay on the site.
	 */
	private const LEFT_OUT = '/^(submit|html|hr|note|spam|recaptcha|recaptcha_v3|turnstile|hcaptcha|password|passwordconfirm|repeater'
		. '|creditcard.*|confirm|signature)$/';

	private const KINDS = array(
		'email'       => Plugin_Field::EMAIL,
		'textarea'    => Plugin_Field::MESSAGE,
		'file_upload' => Plugin_Field::FILE,
	);

	public function id(): string {
		return 'ninja';
	}

	public function name(): string {
		return 'Ninja Forms';
	}

	public function is_active(): bool {
		return function_exists( 'Ninja_Forms' );
	}

	public function forms(): array {
		$forms = array();
		foreach ( Ninja_Forms()->form()->get_forms() as $model ) {
			$fields = array();
			foreach ( Ninja_Forms()->form( $model->get_id() )->get_fields() as $field ) {
				$fields[] = array( 'id' => $field->get_id() ) + (array) $field->get_settings();
			}
			$forms[] = $this->form( (int) $model->get_id(), (string) $model->get_setting( 'title' ), $fields );
		}
		return $forms;
	}

	public function listen( callable $take ): void {
		add_action(
			'ninja_forms_after_submission',
			function ( $data ) use ( $take ): void {
				if ( empty( $data['settings']['is_preview'] ) ) {
					$fields = (array) ( $data['fields'] ?? array() );
					$form   = $this->form( (int) ( $data['form_id'] ?? 0 ), (string) ( $data['settings']['title'] ?? '' ), $fields );
					$take( new Plugin_Submission( $form, array_column( $fields, 'value', 'id' ) ) );
				}
			}
		);
	}

	private function form( int $id, string $title, array $fields ): Plugin_Form {
		$ours = array();
		foreach ( $fields as $field ) {
			if ( 1 !== preg_match( self::LEFT_OUT, (string) ( $field['type'] ?? '' ) ) ) {
				$ours[] = self::field( $field );
			}
		}
		return new Plugin_Form( $this->id(), $id, $title, $ours, admin_url( "admin.php?page=ninja-forms&form_id={$id}" ) );
	}

	/**
	 * The field. A box is a single checkbox, or a list of checkboxes of which there is one.
	 */
	private static function field( array $field ): Plugin_Field {
		$type    = (string) ( $field['type'] ?? '' );
		$label   = (string) ( $field['label'] ?? '' );
		$options = array_values( (array) ( $field['options'] ?? array() ) );
		if ( 'checkbox' === $type ) {
			return Plugin_Field::box( $field['id'], '', $label, 'checked' === ( $field['default_value'] ?? '' ) );
		}
		if ( 'listcheckbox' === $type && 1 === count( $options ) ) {
			return Plugin_Field::box( $field['id'], $label, (string) $options[0]['label'], ! empty( $options[0]['selected'] ) );
		}
		return new Plugin_Field( $field['id'], $label, self::KINDS[ $type ] ?? Plugin_Field::TEXT );
	}
}
